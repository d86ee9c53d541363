# Sizes taken apart and put together
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.f = nn.Linear(4 * 4 * 3, 5)

    def forward(self, x):
        x = self.c(x)
        b, c, h, w = x.shape
        y = x.view(b, c * h * w)
        z = x.view(x.size(0), -1)
        n = x.size(1)
        return self.f(y) + self.f(z) * n


model = Net()
model(torch.randn(2, 3, 6, 5))
