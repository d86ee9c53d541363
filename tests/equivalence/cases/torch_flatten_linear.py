# Flatten layers with start and end
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.f = nn.Flatten()
        self.g = nn.Flatten(2)
        self.h = nn.Flatten(1, 2)

    def forward(self, x):
        x = self.c(x)
        return self.f(x), self.g(x), self.h(x), torch.flatten(x, 1), torch.flatten(x, 2, 3)


model = Net()
model(torch.randn(2, 3, 6, 5))
