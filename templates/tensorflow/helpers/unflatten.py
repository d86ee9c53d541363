# needs: keras.ops
def unflatten(x, axis, sizes):
    """Splits an axis into several."""
    rank = len(x.shape)
    axis = axis % rank
    shape = ops.shape(x)
    return ops.reshape(x, (*shape[:axis], *sizes, *shape[axis + 1 :]))
