# needs: keras keras.ops
def bernoulli(x, p=None):
    """Ones with probability p (x itself where none is given), of the shape of x."""
    p = x if p is None else p
    return ops.cast(keras.random.uniform(ops.shape(x)) < p, x.dtype)
