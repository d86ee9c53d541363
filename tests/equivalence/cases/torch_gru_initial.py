# GRU whose initial state is computed
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(6, 8)
        self.g = nn.GRU(6, 8, batch_first=True)

    def forward(self, x):
        h0 = torch.tanh(self.f(x[:, 0])).unsqueeze(0)
        out, h = self.g(x, h0)
        return out, h.squeeze(0)


model = Net()
model(torch.randn(2, 5, 6))
