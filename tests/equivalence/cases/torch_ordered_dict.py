from collections import OrderedDict
import torch
from torch import nn


def head(n):
    parts = OrderedDict()
    parts["fc"] = nn.Linear(n, n)
    parts["act"] = nn.ReLU()
    return nn.Sequential(parts)


class Block(nn.Sequential):
    def __init__(self, n, wide=False):
        layers = OrderedDict()
        layers["a"] = nn.Linear(n, n)
        if wide:
            layers["w"] = nn.Linear(n, n)
        layers["b"] = nn.ReLU()
        super().__init__(layers)


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(5, True)
        self.head = head(5)

    def forward(self, x):
        return self.head(self.block(x))


N()(torch.randn(2, 5))
