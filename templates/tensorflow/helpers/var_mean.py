# needs: keras.ops
def var_mean(x, axis=None, keepdims=False, unbiased=True):
    """The variance, with n - 1 in the denominator where it is unbiased, and the mean."""
    mean, variance = ops.moments(x, range(len(x.shape)) if axis is None else axis, keepdims=True)
    if unbiased:
        count = ops.sum(ops.ones_like(x), axis=axis, keepdims=True)
        variance = variance * count / (count - 1)
    return (variance, mean) if keepdims else (ops.squeeze(variance, axis), ops.squeeze(mean, axis))
