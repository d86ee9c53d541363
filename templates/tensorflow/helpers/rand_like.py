# needs: keras keras.ops
def rand_like(x):
    """Uniformly distributed numbers of the shape of x."""
    return keras.random.uniform(ops.shape(x), dtype=x.dtype)
