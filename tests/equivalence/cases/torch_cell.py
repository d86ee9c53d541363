# LSTMCell and GRUCell in a loop
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.LSTMCell(6, 8)
        self.g = nn.GRUCell(8, 4)

    def forward(self, x):
        h = torch.zeros(x.size(0), 8)
        c = torch.zeros(x.size(0), 8)
        g = torch.zeros(x.size(0), 4)
        for t in range(x.size(1)):
            h, c = self.c(x[:, t], (h, c))
            g = self.g(h, g)
        return h, g


model = Net()
model(torch.randn(2, 5, 6))
