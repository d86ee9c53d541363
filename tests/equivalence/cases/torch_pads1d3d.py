# Padding layers in one and three dimensions
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r = nn.ReflectionPad1d((2, 1))
        self.c = nn.CircularPad1d((1, 3))
        self.conv = nn.Conv1d(3, 4, 3)

    def forward(self, x):
        return self.conv(self.c(self.r(x)))


model = Net()
model(torch.randn(2, 3, 9))
