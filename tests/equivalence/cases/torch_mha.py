# Multi-head self-attention
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(8, 2, batch_first=True)
        self.n = nn.LayerNorm(8)

    def forward(self, x):
        y, _ = self.a(x, x, x)
        y = self.n(x + y)
        z, w = self.a(y, y, y, need_weights=False)
        return y + self.a(z, y, y)[0]


model = Net()
model(torch.randn(2, 5, 8))
