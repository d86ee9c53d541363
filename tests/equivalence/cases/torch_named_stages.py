from collections import OrderedDict
import torch
from torch import nn


class Unit(nn.Module):
    def __init__(self, i, n):
        super().__init__()
        self.proj = nn.Sequential(nn.Linear(i, n), nn.BatchNorm1d(n))

    def forward(self, x):
        return torch.relu(self.proj(x))


class Stage(nn.Sequential):
    def __init__(self, i, n, depth, index):
        super().__init__()
        for k in range(depth):
            self.add_module(f"block{index}-{k}", Unit(i if k == 0 else n, n))


class N(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = []
        c = 5
        for i, (w, d) in enumerate([(6, 2), (7, 1)]):
            blocks.append((f"block{i+1}", Stage(c, w, d, i + 1)))
            c = w
        self.trunk = nn.Sequential(OrderedDict(blocks))

    def forward(self, x):
        return self.trunk(x)


N()(torch.randn(2, 5))
