# Upsample layers
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.a = nn.Upsample(scale_factor=2)
        self.b = nn.Upsample(scale_factor=2, mode='bilinear')
        self.s = nn.Upsample(size=(9, 7), mode='nearest')
        self.u = nn.UpsamplingNearest2d(scale_factor=3)

    def forward(self, x):
        x = self.c(x)
        return self.a(x), self.b(x), self.s(x), self.u(x)


model = Net()
model(torch.randn(2, 3, 6, 5))
