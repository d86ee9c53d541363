# LSTM, last step
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(6, 8, batch_first=True)
        self.f = nn.Linear(8, 3)

    def forward(self, x):
        out, (h, c) = self.l(x)
        return self.f(out[:, -1, :]), self.f(h[-1])


model = Net()
model(torch.randn(2, 5, 6))
