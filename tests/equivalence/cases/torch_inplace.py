# In-place operations whose effect shows
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.r = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.c(x)
        y = self.r(x)
        z = x * 2
        w = x.mul(3)
        w.add_(1)
        w.clamp_(max=2)
        return z + y, w


model = Net()
model(torch.randn(2, 3, 6, 5))
