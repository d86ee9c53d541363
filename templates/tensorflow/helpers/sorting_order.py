# needs: keras.ops
def sorting_order(x, axis=-1, descending=False):
    """Where the values along an axis stand, in the order of their size."""
    return ops.argsort(-x if descending else x, axis=axis)
