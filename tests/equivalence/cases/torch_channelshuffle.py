# ChannelShuffle as a layer, and written out
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.s = nn.ChannelShuffle(4)

    def forward(self, x):
        x = self.s(self.c(x))
        b, c, h, w = x.shape
        x = x.view(b, 2, c // 2, h, w).transpose(1, 2).contiguous().view(b, c, h, w)
        return x


model = Net()
model(torch.randn(2, 3, 6, 4))
