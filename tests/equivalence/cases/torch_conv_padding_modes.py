# Reflect, replicate and circular padding of convolutions
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')
        self.b = nn.Conv2d(4, 4, 3, padding=1, padding_mode='replicate')
        self.c = nn.Conv2d(4, 4, 3, padding=(2, 1), padding_mode='circular')

    def forward(self, x):
        return self.c(self.b(self.a(x)))


model = Net()
model(torch.randn(2, 3, 8, 7))
