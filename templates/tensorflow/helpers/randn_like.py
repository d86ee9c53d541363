# needs: keras keras.ops
def randn_like(x):
    """Normally distributed numbers of the shape of x."""
    return keras.random.normal(ops.shape(x), dtype=x.dtype)
