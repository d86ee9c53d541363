# Transposed convolutions in one and three dimensions
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose1d(4, 6, 3, stride=2, padding=1)
        self.up3 = nn.ConvTranspose3d(2, 3, 2, stride=2, bias=False)

    def forward(self, x):
        a = self.up(x)
        b = self.up3(x.reshape(-1, 2, 2, 3, 3))
        return a, b


model = Net()
model(torch.randn(2, 4, 9))
