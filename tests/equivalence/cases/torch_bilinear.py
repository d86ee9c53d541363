# Bilinear
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Bilinear(6, 5, 3)

    def forward(self, x):
        return self.b(x, x[:, 1:])


model = Net()
model(torch.randn(2, 6))
