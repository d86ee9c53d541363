# A convolution with a masked kernel: what its base does with other weights, and arguments that are passed on whole.
import torch
from torch import nn


class Masked(nn.Conv2d):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mask = torch.ones(1, 1, 3, 3)
        mask[:, :, 2:] = 0
        self.register_buffer("mask", mask)

    def forward(self, x):
        return self._conv_forward(x, self.weight * self.mask, self.bias)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Masked(3, 4, 3, padding=1)

    def forward(self, x):
        return self.a(x)


Net()(torch.randn(1, 3, 8, 8))
