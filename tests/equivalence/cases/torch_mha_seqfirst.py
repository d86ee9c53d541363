# Multi-head attention, sequence first, with weights
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(8, 2)

    def forward(self, x):
        y, w = self.a(x, x, x)
        return y, w


model = Net()
model(torch.randn(5, 2, 8))
