# Norms over features: LayerNorm, RMSNorm, BatchNorm1d on vectors
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LayerNorm(8, eps=1e-6)
        self.n = nn.LayerNorm(8, bias=False)
        self.p = nn.LayerNorm(8, elementwise_affine=False)
        self.r = nn.RMSNorm(8)
        self.b = nn.BatchNorm1d(8)

    def forward(self, x):
        x = self.p(self.n(self.l(x)) * 2 + x)
        x = self.r(x)
        return self.b(x.mean(1))


model = Net()
model(torch.randn(2, 5, 8))
