# A layer that is applied twice keeps one set of weights
import torch
from torch import nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(6, 8)
        self.mid = nn.Linear(8, 8)
        self.act = nn.ReLU()
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        x = self.act(self.inp(x))
        x = self.act(self.mid(x))
        x = self.act(self.mid(x))
        return self.out(x)


model = Tied()
y = model(torch.zeros(2, 6))
