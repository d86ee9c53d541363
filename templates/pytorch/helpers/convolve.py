# needs: torch.nn.functional
def convolve(x, weight, stride=1, padding="valid", dilation=1, groups=1):
    """A convolution with weights (..., in, out); padding "same" as TensorFlow has it."""
    dims = x.dim() - 2
    spread = lambda v: tuple(v) if isinstance(v, (tuple, list)) else (v,) * dims
    stride, dilation = spread(stride), spread(dilation)
    weight = weight.permute(dims + 1, dims, *range(dims))
    if padding.lower() == "same":
        pads = []
        for n, k, s, d in zip(x.shape[2:], weight.shape[2:], stride, dilation):
            total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
            pads = [total // 2, total - total // 2, *pads]
        x = F.pad(x, pads)
    run = (F.conv1d, F.conv2d, F.conv3d)[dims - 1]
    return run(x, weight, None, stride, 0, dilation, groups)
