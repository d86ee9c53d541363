# needs: keras.ops
def channel_shuffle(x, groups):
    """Mixes the channels of groups: (g, C / g) to (C / g, g)."""
    shape = ops.shape(x)
    c = shape[-1]
    x = ops.reshape(x, (*shape[:-1], groups, c // groups))
    return ops.reshape(ops.swapaxes(x, -1, -2), shape)
