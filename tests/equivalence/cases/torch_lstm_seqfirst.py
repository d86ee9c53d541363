# LSTM and GRU, sequence first
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(6, 8)
        self.g = nn.GRU(8, 4, bidirectional=True)
        self.r = nn.RNN(8, 5, nonlinearity='relu')

    def forward(self, x):
        a, _ = self.l(x)
        b, h = self.g(a)
        c, _ = self.r(a)
        return a, b, h, c[-1]


model = Net()
model(torch.randn(5, 2, 6))
