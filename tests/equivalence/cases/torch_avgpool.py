# Average pooling: padding counted, not counted, ceil_mode
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.AvgPool2d(3, stride=2, padding=1)
        self.b = nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
        self.c = nn.AvgPool2d(2, ceil_mode=True)

    def forward(self, x):
        return self.c(self.b(self.a(x)))


model = Net()
model(torch.randn(2, 3, 13, 10))
