# PixelShuffle and PixelUnshuffle
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3, padding=1)
        self.s = nn.PixelShuffle(2)
        self.u = nn.PixelUnshuffle(2)

    def forward(self, x):
        x = self.s(self.c(x))
        return x, self.u(x), F.pixel_shuffle(self.c(F.relu(F.pixel_unshuffle(x, 2)[:, :3])), 2)


model = Net()
model(torch.randn(2, 3, 6, 4))
