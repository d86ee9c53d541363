import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, fn, s):
        super().__init__()
        self.fn = fn
        self.s = s

    def forward(self, x):
        return self.fn(x) * self.s


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.a = nn.Sequential(self.a, nn.ReLU(), nn.Linear(4, 4))
        self.b = Scale(nn.Linear(4, 4), 0.5)
        self.b = Scale(self.b, 2.0)
        self.c = nn.Linear(4, 3)

    def forward(self, x):
        return self.c(self.b(self.a(x)))


N()(torch.randn(2, 4))
