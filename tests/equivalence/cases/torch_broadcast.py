# Broadcasts of parameters onto images
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.scale = nn.Parameter(torch.ones(4, 1, 1))
        self.shift = nn.Parameter(torch.zeros(1, 4, 1, 1))
        self.row = nn.Parameter(torch.ones(3))
        self.all = nn.Parameter(torch.tensor(2.0))
        self.register_buffer('mean', torch.tensor([0.1, 0.2, 0.3]).view(1, 3, 1, 1))

    def forward(self, x):
        x = self.c(x - self.mean)
        x = x * self.scale + self.shift
        return x * self.row * self.all


model = Net()
model(torch.randn(2, 3, 6, 5))
