# where and masked_fill
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        y = torch.where(x > 0, x, x * 0.1)
        z = x.masked_fill(x < 0, -1e9)
        w = torch.where(x > 0, x, torch.zeros_like(x))
        return y, torch.clamp(z, min=-2), w, x.clamp(0, 1), x.clamp(max=0.5)


model = Net()
model(torch.randn(2, 3, 6, 5))
