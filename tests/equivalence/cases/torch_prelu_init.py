# PReLU with another start
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(4, 5)
        self.p = nn.PReLU(init=0.1)

    def forward(self, x):
        return self.p(self.f(x))


model = Net()
model(torch.randn(2, 4))
