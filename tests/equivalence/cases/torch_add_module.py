# Modules added by name, and items of a sequence read by name
import torch
from torch import nn


class Layer(nn.Sequential):
    def __init__(self, n, k):
        super().__init__()
        self.add_module('norm', nn.BatchNorm2d(n))
        self.add_module('conv', nn.Conv2d(n, k, 3))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential()
        self.body.add_module("a", Layer(3, 4))
        self.body.add_module("b", nn.ReLU())
        self.add_module("head", nn.Conv2d(4, 2, 1))
        for i in range(2):
            self.add_module(f"fc{i}", nn.Conv2d(2, 2, 1))

    def forward(self, x):
        x = self.head(self.body(x))
        for i in range(2):
            x = getattr(self, f"fc{i}")(x)
        return x


Net()(torch.zeros(1, 3, 8, 8))
