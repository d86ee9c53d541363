import torch
from torch import nn


class Transpose(nn.Module):
    def __init__(self, *dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims)


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(6, 8), Transpose(0, 2, 1), nn.Linear(5, 5), Transpose(0, 2, 1))

    def forward(self, x):
        return self.net(x)


N()(torch.randn(2, 5, 6))
