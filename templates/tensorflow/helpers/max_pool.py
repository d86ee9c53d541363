# needs: keras.ops helper:pool_windows functools itertools
def max_pool(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Max pooling with padding, dilation and a last window that is cut short."""
    windows = pool_windows(x, kernel_size, stride, padding, dilation, ceil_mode)
    pads = [(w["before"], w["after"]) for w in windows]
    x = ops.pad(x, [(0, 0), *pads, (0, 0)], constant_values=float("-inf"))
    if all(w["dilation"] == 1 for w in windows):
        sizes = tuple(w["size"] for w in windows)
        return ops.max_pool(x, sizes, strides=tuple(w["stride"] for w in windows))
    parts = []
    for place in itertools.product(*(range(w["size"]) for w in windows)):
        index = [slice(None)]
        for i, w in zip(place, windows):
            first = i * w["dilation"]
            last = first + (w["count"] - 1) * w["stride"] + 1
            index.append(slice(first, last, w["stride"]))
        parts.append(x[tuple(index)])
    return functools.reduce(ops.maximum, parts)
