# needs: keras.ops
def vector_norm(x, p=2, axis=None, keepdims=False):
    """The p-norm over any axes."""
    x = ops.abs(x)
    if p == float("inf"):
        return ops.max(x, axis=axis, keepdims=keepdims)
    total = ops.sum(ops.power(x, p), axis=axis, keepdims=keepdims)
    return ops.power(total, 1.0 / p)
