# Local response normalisation
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.n = nn.LocalResponseNorm(5, alpha=0.1, beta=0.5, k=2.0)

    def forward(self, x):
        return self.n(self.c(x))


model = Net()
model(torch.randn(2, 3, 6, 5))
