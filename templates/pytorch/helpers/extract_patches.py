# needs: torch.nn.functional
def extract_patches(x, size, stride=None, dilation=1, padding="valid"):
    """Patches of images that hold their channels last: rows, then columns, then channels of each in the last axis."""
    size, dilation = ((v, v) if isinstance(v, int) else tuple(v) for v in (size, dilation))
    stride = size if stride is None else (stride, stride) if isinstance(stride, int) else tuple(stride)
    x = x.permute(0, 3, 1, 2)
    window = [d * (k - 1) + 1 for k, d in zip(size, dilation)]
    if padding == "same":
        extra = [max((-(-n // s) - 1) * s + w - n, 0) for n, s, w in zip(x.shape[2:], stride, window)]
        x = F.pad(x, (extra[1] // 2, extra[1] - extra[1] // 2, extra[0] // 2, extra[0] - extra[0] // 2))
    rows, columns = ((n - w) // s + 1 for n, w, s in zip(x.shape[2:], window, stride))
    patches = F.unfold(x, size, dilation=dilation, stride=stride)
    patches = patches.view(x.shape[0], x.shape[1], size[0] * size[1], rows, columns)
    return patches.permute(0, 3, 4, 2, 1).reshape(x.shape[0], rows, columns, -1)
