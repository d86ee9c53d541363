# needs: keras.ops import:numpy:np
def interpolate(x, size=None, scale_factor=None, mode="nearest", align_corners=False):
    """Resizes the axes between batch and channels, one after the other.

    mode: nearest, nearest-exact, linear, bilinear, trilinear, bicubic, area.
    """
    dims = len(x.shape) - 2
    spread = lambda v: v if isinstance(v, (tuple, list)) else (v,) * dims
    given = [int(m) for m in spread(size)] if size is not None else [None] * dims
    factors = spread(scale_factor) if scale_factor is not None else [None] * dims
    sizes = [
        m if m is not None else int(np.floor(n * f))
        for n, m, f in zip(x.shape[1:-1], given, factors)
    ]
    if mode == "area":
        return ops.adaptive_average_pool(x, tuple(sizes))
    for axis, (m, factor) in enumerate(zip(sizes, factors), 1):
        n = x.shape[axis]
        step = 1 / factor if factor is not None else n / m
        i = np.arange(m)
        if mode in ("nearest", "nearest-exact"):
            shift = 0.5 if mode == "nearest-exact" else 0.0
            places = np.minimum(np.floor((i + shift) * step), n - 1).astype("int32")
            x = ops.take(x, places, axis=axis)
            continue
        if align_corners:
            where = i * (n - 1) / max(m - 1, 1)
        else:
            where = (i + 0.5) * step - 0.5
        if mode != "bicubic":
            where = np.maximum(where, 0)
        first = np.floor(where)
        t = where - first
        if mode == "bicubic":
            a = -0.75
            far = lambda d: a * (d**3 - 5 * d**2 + 8 * d - 4)
            near = lambda d: (a + 2) * d**3 - (a + 3) * d**2 + 1
            taps = [(-1, far(1 + t)), (0, near(t)), (1, near(1 - t)), (2, far(2 - t))]
        else:
            taps = [(0, 1 - t), (1, t)]
        parts = 0
        shape = [1] * len(x.shape)
        shape[axis] = m
        for offset, weight in taps:
            places = np.clip(first + offset, 0, n - 1).astype("int32")
            weight = weight.reshape(shape).astype("float32")
            parts = parts + ops.take(x, places, axis=axis) * ops.cast(weight, x.dtype)
        x = parts
    return x
