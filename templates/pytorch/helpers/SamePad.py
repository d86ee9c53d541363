# needs: torch.nn torch.nn.functional
class SamePad(nn.Module):
    """Pads as padding="same" does: the output has ceil(size / stride) positions; as "causal" does: all in front."""

    def __init__(self, kernel_size, stride=1, dilation=1, value=0.0, mode="same"):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride
        self.dilation = dilation
        self.value = value
        self.mode = mode.lower()

    def forward(self, x):
        if self.mode not in ("same", "causal"):
            return x
        dims = x.dim() - 2
        options = [
            v if isinstance(v, (tuple, list)) else (v,) * dims
            for v in (self.kernel_size, self.stride, self.dilation)
        ]
        pads = []
        for size, k, s, d in reversed(list(zip(x.shape[2:], *options))):
            total = max((-(-size // s) - 1) * s + d * (k - 1) + 1 - size, 0)
            causal = self.mode == "causal"
            pads += [d * (k - 1), 0] if causal else [total // 2, total - total // 2]
        return F.pad(x, pads, value=self.value)
