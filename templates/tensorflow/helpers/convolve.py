# needs: keras.ops
def convolve(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """A convolution with weights (out, in / groups, ...)."""
    dims = len(x.shape) - 2
    spread = lambda v: tuple(v) if isinstance(v, (tuple, list)) else (v,) * dims
    stride, dilation = spread(stride), spread(dilation)
    if not isinstance(padding, str):
        x = ops.pad(x, ((0, 0), *((p, p) for p in spread(padding)), (0, 0)))
        padding = "valid"
    kernel = ops.transpose(weight, (*range(2, dims + 2), 1, 0))
    if max(stride) > 1 and max(dilation) > 1:  # together they are not supported
        x = ops.conv(x, kernel, 1, padding, "channels_last", dilation)
        x = x[(slice(None), *(slice(None, None, s) for s in stride))]
    else:
        x = ops.conv(x, kernel, stride, padding, "channels_last", dilation)
    return x if bias is None else x + bias
