# Indexing images
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        return x[:, 0], x[:, 1:3], x[..., ::2], x[:, :, 1, :], x[:, :, -1, 1:], x[:, None, 2], x[:, :, 1:-1, 1:-1], x[:, -1:, 0], x[..., 0]


model = Net()
model(torch.randn(2, 3, 6, 5))
