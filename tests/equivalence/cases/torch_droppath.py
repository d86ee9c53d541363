# Stochastic depth written out
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(6, 6)
        self.p = 0.2

    def forward(self, x):
        y = self.f(x)
        if self.training and self.p > 0:
            keep = 1 - self.p
            mask = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(keep)
            y = y * mask / keep
        return x + y


model = Net()
model(torch.randn(2, 6))
