# needs: torch.nn.functional
def same_max_pool(x, kernel_size, stride=None):
    """Max pooling to ceil(size / stride) places."""
    dims = x.dim() - 2
    sizes, strides = (
        v if isinstance(v, (tuple, list)) else (v,) * dims
        for v in (kernel_size, kernel_size if stride is None else stride)
    )
    pads = []
    for n, k, s in reversed(list(zip(x.shape[2:], sizes, strides))):
        total = max((-(-n // s) - 1) * s + k - n, 0)
        pads += [total // 2, total - total // 2]
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[dims - 1]
    return pool(F.pad(x, pads, value=float("-inf")), sizes, strides)
