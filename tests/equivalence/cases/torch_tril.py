# Causal mask by tril
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(6, 6)

    def forward(self, x):
        a = x @ self.f(x).transpose(-2, -1)
        m = torch.tril(torch.ones(x.size(1), x.size(1)))
        a = a.masked_fill(m == 0, float('-inf'))
        return a.softmax(-1)


model = Net()
model(torch.randn(2, 5, 6))
