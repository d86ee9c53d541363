# needs: keras.ops
def instance_norm(x, weight=None, bias=None, eps=1e-5):
    """Normalizes over space, each channel for itself (channels last)."""
    mean, variance = ops.moments(x, list(range(1, len(x.shape) - 1)), keepdims=True)
    x = (x - mean) / ops.sqrt(variance + eps)
    x = x if weight is None else x * weight
    return x if bias is None else x + bias
