# LSTM with an initial state
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(6, 8, num_layers=2, batch_first=True)

    def forward(self, x):
        h0 = torch.zeros(2, x.size(0), 8)
        c0 = torch.zeros(2, x.size(0), 8)
        out, _ = self.l(x, (h0, c0))
        return out[:, -1]


model = Net()
model(torch.randn(2, 5, 6))
