# needs: keras.ops
def sliding_windows(x, axis, size, step):
    """Windows along an axis: it counts them, and a last axis runs along each."""
    axis = axis % len(x.shape)
    starts = range(0, x.shape[axis] - size + 1, step)
    index = [[start + i for i in range(size)] for start in starts]
    return ops.moveaxis(ops.take(x, index, axis=axis), axis + 1, -1)
