import torch
from torch import nn


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 6)
        self.ln = nn.LayerNorm(6)
        self.gn = nn.GroupNorm(2, 6)

    def forward(self, x):
        x = x @ self.fc.weight + self.ln.weight * self.gn.bias
        return self.gn(self.ln(self.fc(x)))


N()(torch.randn(2, 6))
