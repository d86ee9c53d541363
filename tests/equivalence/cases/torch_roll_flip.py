# roll and flip of images
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        return torch.roll(x, shifts=(1, -2), dims=(2, 3)), torch.flip(x, [3]), x.flip(1), torch.roll(x, 1, 1)


model = Net()
model(torch.randn(2, 3, 6, 5))
