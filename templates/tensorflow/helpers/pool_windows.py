def pool_windows(x, kernel_size, stride, padding, dilation, ceil_mode):
    """How the windows of a pooling lie on each axis between batch and channels."""
    dims = len(x.shape) - 2
    stride = kernel_size if stride is None else stride
    windows = []
    options = [
        v if isinstance(v, (tuple, list)) else (v,) * dims
        for v in (kernel_size, stride, padding, dilation)
    ]
    for n, k, s, p, d in zip(x.shape[1:-1], *options):
        span = d * (k - 1) + 1
        count = -(-(n + 2 * p - span) // s) if ceil_mode else (n + 2 * p - span) // s
        count += 1
        if ceil_mode and (count - 1) * s >= n + p:
            count -= 1
        after = max((count - 1) * s + span - n - p, 0)
        windows.append(
            {
                "size": k,
                "stride": s,
                "dilation": d,
                "count": count,
                "before": p,
                "after": after,
                "padding": min(p, after),
            }
        )
    return windows
