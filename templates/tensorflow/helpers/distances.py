# needs: keras.ops
def distances(x, y, p=2.0):
    """The distance of every row of x from every row of y."""
    apart = ops.abs(ops.expand_dims(x, -2) - ops.expand_dims(y, -3))
    return ops.power(ops.sum(ops.power(apart, p), axis=-1), 1 / p)
