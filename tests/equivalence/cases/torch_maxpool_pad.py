# Max pooling with padding of negative values and ceil_mode
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.p = nn.MaxPool2d(3, stride=2, padding=1)
        self.q = nn.MaxPool2d(2, stride=2, ceil_mode=True)

    def forward(self, x):
        return self.q(self.p(self.c(x)))


model = Net()
model(torch.randn(2, 3, 13, 12))
