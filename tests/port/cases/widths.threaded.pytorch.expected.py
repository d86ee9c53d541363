# Ported from keras_threaded_widths.py (Keras) to PyTorch by Portolan.
# Input: Net.x=B,3,32,32
import torch
import torch.nn.functional as F
from torch import nn


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


# Subclassed blocks that only say filters: in_channels is threaded


class ConvBN(nn.Module):
    def __init__(self, in_channels, filters, kernel=3, strides=1):
        super().__init__()
        self.conv_pad = SamePad(kernel, strides, (1, 1))
        self.conv = nn.Conv2d(in_channels, filters, kernel, stride=strides, bias=False)
        self.bn = nn.BatchNorm2d(filters, eps=0.001, momentum=0.01)

    def forward(self, x):
        return F.relu(self.bn(self.conv(self.conv_pad(x))))


class Residual(nn.Module):
    def __init__(self, in_channels, filters, strides=1):
        super().__init__()
        self.a = ConvBN(in_channels, filters, strides=strides)
        self.b = ConvBN(filters, filters)
        if strides != 1:
            self.short = nn.Conv2d(in_channels, filters, 1, stride=strides)
        else:
            self.short = lambda x: x

    def forward(self, x):
        return self.b(self.a(x)) + self.short(x)


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64), classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding="same")
        self.blocks = nn.ModuleList()
        in_channels = 16
        for i, w in enumerate(widths):
            self.blocks.append(Residual(in_channels, w, strides=1 if i == 0 else 2))
            in_channels = w
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(in_channels, classes)

    def forward(self, x):
        x = self.stem(x)
        for b in self.blocks:
            x = b(x)
        return self.fc(torch.flatten(self.pool(x), 1))


model = Net()
