# abs, exp, log, sqrt, pow, sign and their like
import torch
from torch import nn


class Net(nn.Module):
    def forward(self, x):
        y = x.abs() + 0.1
        return y.log(), y.sqrt(), torch.exp(-y), y ** 2, y.pow(0.5), torch.rsqrt(y), x.sign(), torch.sin(x), x.cos(), torch.erf(x), x.floor(), x.round(), torch.square(x), 1 / y, x // 0.5, torch.tanh(x), 2 - x, x % 0.7, torch.reciprocal(y), y.log1p(), torch.log2(y), torch.atan(x), x.neg(), torch.ceil(x)


model = Net()
model(torch.randn(2, 6))
