# Padding layers whose widths are expressions
import torch
from torch import nn


class ConvLayer(nn.Module):
    def __init__(self, i, o, k, s):
        super().__init__()
        p = k // 2
        self.pad = nn.ReflectionPad2d(p)
        self.pad2 = nn.ReflectionPad2d((p, p, 1, 1))
        self.pad3 = nn.ZeroPad2d(k // 2)
        self.conv = nn.Conv2d(i, o, k, s)

    def forward(self, x):
        return self.conv(self.pad3(self.pad2(self.pad(x))))


net = nn.Sequential(ConvLayer(3, 4, 3, 1), ConvLayer(4, 2, 5, 2))
net(torch.zeros(1, 3, 16, 16))
