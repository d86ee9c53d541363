# Stride and dilation in one convolution
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3, stride=2, dilation=2, padding=2)

    def forward(self, x):
        return self.c(x)


model = Net()
model(torch.randn(2, 3, 13, 12))
