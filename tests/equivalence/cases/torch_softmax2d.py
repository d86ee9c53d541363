# Channel softmax
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.s = nn.Softmax2d()
        self.g = nn.GLU(dim=1)

    def forward(self, x):
        x = self.c(x)
        return self.s(x), self.g(x)


model = Net()
model(torch.randn(2, 3, 6, 5))
