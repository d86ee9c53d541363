# needs: keras.ops helper:unbiased_variance
def unbiased_std(x, axis=None, keepdims=False):
    """The standard deviation with n - 1 in the denominator."""
    return ops.sqrt(unbiased_variance(x, axis, keepdims))
