# needs: keras.ops
def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    """Normalizes over space and over each group of channels (channels last)."""
    grouped = ops.reshape(x, (*ops.shape(x)[:-1], num_groups, x.shape[-1] // num_groups))
    axes = [*range(1, len(x.shape) - 1), len(x.shape)]
    mean, variance = ops.moments(grouped, axes, keepdims=True)
    x = ops.reshape((grouped - mean) / ops.sqrt(variance + eps), ops.shape(x))
    x = x if weight is None else x * weight
    return x if bias is None else x + bias
