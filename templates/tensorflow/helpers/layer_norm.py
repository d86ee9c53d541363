# needs: keras.ops
def layer_norm(x, shape, weight=None, bias=None, eps=1e-5):
    """Normalizes over the last axes, as many as shape has."""
    mean, variance = ops.moments(x, list(range(-len(shape), 0)), keepdims=True)
    x = (x - mean) / ops.sqrt(variance + eps)
    x = x if weight is None else x * weight
    return x if bias is None else x + bias
