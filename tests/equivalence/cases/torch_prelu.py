# PReLU: one parameter, and one for each channel
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.a = nn.PReLU()
        self.b = nn.PReLU(4)
        self.f = nn.Linear(4, 5)
        self.p = nn.PReLU(5)

    def forward(self, x):
        x = self.b(self.a(self.c(x)))
        return self.p(self.f(x.mean((2, 3))))


model = Net()
model(torch.randn(2, 3, 6, 5))
