# Average pooling with ceil_mode and padding
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.b = nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)

    def forward(self, x):
        return self.a(x), self.b(x)


model = Net()
model(torch.randn(2, 3, 14, 9))
