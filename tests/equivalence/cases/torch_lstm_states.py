# LSTM stacked, bidirectional, states used
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(6, 8, num_layers=2, bidirectional=True, batch_first=True, dropout=0.3)

    def forward(self, x):
        out, (h, c) = self.l(x)
        return out, torch.cat((h[-2], h[-1]), dim=1), c


model = Net()
model(torch.randn(2, 5, 6))
