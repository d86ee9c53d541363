# RNNs with dropout between layers
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GRU(6, 8, 3, batch_first=True, dropout=0.5, bidirectional=True)
        self.r = nn.RNN(16, 5, 2, batch_first=True, bias=False)

    def forward(self, x):
        x, _ = self.g(x)
        x, h = self.r(x)
        return x, h


model = Net()
model(torch.randn(2, 5, 6))
