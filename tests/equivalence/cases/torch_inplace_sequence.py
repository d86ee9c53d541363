import torch
from torch import nn
import torch.nn.functional as F


class Residual(nn.Module):
    def __init__(self, n):
        super().__init__()
        self._block = nn.Sequential(nn.ReLU(True), nn.Conv2d(n, n, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(n, n, 1))
        self.relu = nn.ReLU(inplace=True)
        self.act = nn.Sequential(nn.ReLU6(inplace=True), nn.Conv2d(n, n, 1))

    def forward(self, x):
        x = x * 1.0
        x = x + self._block(x)
        y = x - 0.5
        y = torch.cat([y, self.relu(y)], dim=1)
        z = x - 1.0
        w = self.act(z)
        return torch.cat([y, z, w], dim=1)


Residual(4)(torch.randn(2, 4, 6, 6))
