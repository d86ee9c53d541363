# needs: keras.ops
def grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False):
    """The pixels of x (B, C, H, W) at the places of a grid (B, h, w, 2) in -1 to 1."""
    height, width = x.shape[2], x.shape[3]

    def pixel(place, n):
        at = (place + 1) / 2 * (n - 1) if align_corners else ((place + 1) * n - 1) / 2
        return ops.clip(at, 0, n - 1) if padding_mode == "border" else at

    def taken(rows, columns):
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        index = ops.clip(rows, 0, height - 1) * width + ops.clip(columns, 0, width - 1)
        index = ops.reshape(ops.cast(index, "int32"), (ops.shape(x)[0], 1, -1))
        flat = ops.reshape(x, (*ops.shape(x)[:2], height * width))
        index = ops.broadcast_to(index, (*ops.shape(x)[:2], ops.shape(index)[-1]))
        found = ops.take_along_axis(flat, index, axis=2)
        found = ops.reshape(found, (*ops.shape(x)[:2], *ops.shape(rows)[1:]))
        return found * ops.cast(ops.expand_dims(inside, 1), x.dtype)

    columns, rows = pixel(grid[..., 0], width), pixel(grid[..., 1], height)
    if mode == "nearest":
        return taken(ops.round(rows), ops.round(columns))
    top, left = ops.floor(rows), ops.floor(columns)
    down, right = ops.expand_dims(rows - top, 1), ops.expand_dims(columns - left, 1)
    upper = taken(top, left) * (1 - right) + taken(top, left + 1) * right
    lower = taken(top + 1, left) * (1 - right) + taken(top + 1, left + 1) * right
    return upper * (1 - down) + lower * down
