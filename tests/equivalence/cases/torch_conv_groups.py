# Grouped, depthwise and dilated convolutions
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.Conv2d(8, 12, 3, groups=4, padding=1)
        self.d = nn.Conv2d(12, 24, 3, groups=12, padding=2, dilation=2)
        self.p = nn.Conv2d(24, 5, 1, bias=False)

    def forward(self, x):
        return self.p(self.d(self.g(x)))


model = Net()
model(torch.randn(2, 8, 9, 8))
