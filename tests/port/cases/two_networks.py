# Two networks of one class that take the same: the header says so once.
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)

    def forward(self, x):
        return self.conv(x)


small, large = Net(4), Net(8)
small(torch.randn(1, 3, 8, 8))
large(torch.randn(1, 3, 8, 8))
