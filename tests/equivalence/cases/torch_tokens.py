# Image to tokens and back
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 2, stride=2)
        self.f = nn.Linear(8, 8)

    def forward(self, x):
        x = self.c(x)
        b, c, h, w = x.shape
        x = x.flatten(2).transpose(1, 2)
        x = self.f(x)
        return x.transpose(1, 2).reshape(b, c, h, w)


model = Net()
model(torch.randn(2, 3, 8, 6))
