# needs: keras.ops
def unbiased_variance(x, axis=None, keepdims=False):
    """The variance with n - 1 in the denominator."""
    mean = ops.mean(x, axis=axis, keepdims=True)
    total = ops.sum(ops.square(x - mean), axis=axis, keepdims=keepdims)
    count = ops.sum(ops.ones_like(x), axis=axis, keepdims=keepdims)
    return total / (count - 1)
