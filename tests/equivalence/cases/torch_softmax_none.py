# Softmax without an axis: it depends on the rank
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.s = nn.Softmax()
        self.f = nn.Linear(6, 4)

    def forward(self, x):
        a = self.s(self.f(x[:, 0]))
        b = self.s(self.f(x))
        return a, b, F.softmax(x)


model = Net()
model(torch.randn(2, 5, 6))
