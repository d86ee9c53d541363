# Negative padding crops
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.conv(x)
        return F.pad(x, (-1, -2, 0, -1))


model = Net()
model(torch.randn(2, 3, 9, 8))
