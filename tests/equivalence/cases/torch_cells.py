# Recurrent cells in a loop, with states that are given and not
import torch
from torch import nn


class Cells(nn.Module):
    def __init__(self, n=6, h=5):
        super().__init__()
        self.h = h
        self.lstm = nn.LSTMCell(n, h)
        self.gru = nn.GRUCell(h, h, bias=False)
        self.rnn = nn.RNNCell(h, 4, nonlinearity="relu")
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        hx = torch.zeros(x.size(0), self.h)
        cx = torch.zeros(x.size(0), self.h)
        g = None
        r = None
        for t in range(x.shape[1]):
            hx, cx = self.lstm(x[:, t], (hx, cx))
            g = self.gru(hx, g)
            r = self.rnn(g, r)
        return self.out(r)


Cells()(torch.zeros(2, 4, 6))
