# needs: keras.ops helper:pool_windows
def average_pool(
    x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
):
    """Average pooling over what is there; padding counts where it is asked to."""
    windows = pool_windows(x, kernel_size, stride, padding, 1, ceil_mode)
    pads = [(w["before"], w["after"]) for w in windows]
    counted = ops.ones_like(x[:1, ..., :1])
    if count_include_pad:
        own = [(w["before"], w["padding"]) for w in windows]
        counted = ops.pad(counted, [(0, 0), *own, (0, 0)], constant_values=1.0)
        rest = [(0, w["after"] - w["padding"]) for w in windows]
        counted = ops.pad(counted, [(0, 0), *rest, (0, 0)])
    else:
        counted = ops.pad(counted, [(0, 0), *pads, (0, 0)])
    x = ops.pad(x, [(0, 0), *pads, (0, 0)])
    sizes = tuple(w["size"] for w in windows)
    strides = tuple(w["stride"] for w in windows)
    return ops.average_pool(x, sizes, strides) / ops.average_pool(
        counted, sizes, strides
    )
