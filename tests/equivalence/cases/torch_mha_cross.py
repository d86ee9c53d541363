# Cross-attention: key and value differ
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(8, 2, batch_first=True, bias=False)
        self.f = nn.Linear(8, 8)

    def forward(self, x):
        q = x[:, :3]
        k = self.f(x)
        y, w = self.a(q, k, x)
        return y, w


model = Net()
model(torch.randn(2, 5, 8))
