# needs: keras.ops
def pairwise_distance(x, y, p=2.0, eps=1e-6, keepdims=False):
    """The distance between the rows of x and y."""
    apart = ops.abs(x - y + eps)
    return ops.power(ops.sum(ops.power(apart, p), axis=-1, keepdims=keepdims), 1 / p)
