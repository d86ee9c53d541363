# Adaptive pooling to sizes that do not divide
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.AdaptiveAvgPool2d((5, 3))
        self.m = nn.AdaptiveMaxPool2d((4, 2))
        self.o = nn.AdaptiveMaxPool2d(1)
        self.l = nn.AdaptiveAvgPool1d(3)

    def forward(self, x):
        a = self.a(x)
        b = self.m(x)
        return a, b, self.o(x).flatten(1), self.l(x.flatten(2))


model = Net()
model(torch.randn(2, 3, 11, 7))
