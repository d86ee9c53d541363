# Classes that derive from the framework's layers: causal and standardised convolutions, a normalisation without a
# constructor, one without a forward pass, and a class that derives from such a class.
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn import Linear


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, dilation=1):
        self.__padding = (kernel_size - 1) * dilation
        super(CausalConv1d, self).__init__(in_channels, out_channels, kernel_size, padding=self.__padding, dilation=dilation)

    def forward(self, input):
        result = super(CausalConv1d, self).forward(input)
        return result[:, :, :-self.__padding] if self.__padding else result


class StdConv2d(nn.Conv2d):
    def forward(self, x):
        w = self.weight
        v, m = torch.var_mean(w, dim=[1, 2, 3], keepdim=True, unbiased=False)
        w = (w - m) / torch.sqrt(v + 1e-5)
        return F.conv2d(x, w, self.bias, self.stride, self.padding, self.dilation, self.groups)


class SamePaddingConv2d(nn.Conv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, **kwargs):
        super().__init__(in_channels, out_channels, kernel_size, stride, **kwargs)
        self.stride = self.stride if len(self.stride) == 2 else [self.stride[0]] * 2

    def forward(self, x):
        ih, iw = x.size()[-2:]
        kh, kw = self.weight.size()[-2:]
        oh, ow = math.ceil(ih / self.stride[0]), math.ceil(iw / self.stride[1])
        ph = max((oh - 1) * self.stride[0] + (kh - 1) * self.dilation[0] + 1 - ih, 0)
        pw = max((ow - 1) * self.stride[1] + (kw - 1) * self.dilation[1] + 1 - iw, 0)
        x = F.pad(x, [pw // 2, pw - pw // 2, ph // 2, ph - ph // 2])
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class LayerNorm(nn.LayerNorm):
    """In single precision."""

    def forward(self, x):
        return super().forward(x.type(torch.float32)).type(x.dtype)


class Scaled(Linear):
    def __init__(self, size):
        super().__init__(size, size, bias=False)


class Doubled(Scaled):
    def forward(self, x):
        return super().forward(x) * 2 + self.weight.sum()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = SamePaddingConv2d(3, 8, 3, stride=2)
        self.std = StdConv2d(8, 12, 3, padding=1, groups=2)
        self.causal = nn.ModuleList([CausalConv1d(12, 12, 2, dilation=2 ** i) for i in range(3)])
        self.norm = LayerNorm(12)
        self.scaled = Scaled(12)
        self.doubled = Doubled(12)

    def forward(self, x):
        x = F.relu(self.std(F.relu(self.first(x))))
        x = x.flatten(2)
        for conv in self.causal:
            x = x + conv(x)
        x = self.norm(x.transpose(1, 2))
        return self.doubled(self.scaled(x))


net = Net()
print(net(torch.randn(2, 3, 16, 16)).shape)
