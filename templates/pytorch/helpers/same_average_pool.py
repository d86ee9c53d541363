# needs: torch torch.nn.functional
def same_average_pool(x, kernel_size, stride=None):
    """Average pooling to ceil(size / stride) places; what it pads does not count."""
    dims = x.dim() - 2
    sizes, strides = (
        v if isinstance(v, (tuple, list)) else (v,) * dims
        for v in (kernel_size, kernel_size if stride is None else stride)
    )
    pads = []
    for n, k, s in reversed(list(zip(x.shape[2:], sizes, strides))):
        total = max((-(-n // s) - 1) * s + k - n, 0)
        pads += [total // 2, total - total // 2]
    pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[dims - 1]
    counted = F.pad(torch.ones_like(x[:1, :1]), pads)
    return pool(F.pad(x, pads), sizes, strides) / pool(counted, sizes, strides)
