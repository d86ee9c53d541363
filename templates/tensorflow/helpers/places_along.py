# needs: keras.ops
def places_along(axis, index):
    """The places that index names along an axis, a row of coordinates for each."""
    shape = ops.shape(index)
    grid = list(ops.meshgrid(*[ops.arange(n) for n in shape], indexing="ij"))
    grid[axis] = ops.cast(index, grid[axis].dtype)
    return ops.reshape(ops.stack(grid, axis=-1), (-1, len(shape)))
