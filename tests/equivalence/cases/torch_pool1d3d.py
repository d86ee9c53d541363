# Pooling in one and three dimensions
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MaxPool1d(3, stride=2, padding=1)
        self.b = nn.AvgPool1d(2)
        self.c = nn.MaxPool3d(2)
        self.d = nn.AvgPool3d((1, 2, 2))

    def forward(self, x):
        a = self.b(self.a(x))
        y = x.reshape(-1, 2, 2, 4, 4)
        return a, self.c(y), self.d(y)


model = Net()
model(torch.randn(2, 4, 16))
