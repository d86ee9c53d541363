# needs: keras.ops
def expand(x, shape):
    """Repeats axes of size 1; -1 keeps an axis as it is."""
    own = (1,) * (len(shape) - len(x.shape)) + tuple(ops.shape(x))
    return ops.broadcast_to(x, tuple(n if m == -1 else m for m, n in zip(shape, own)))
