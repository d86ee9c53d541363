# Ported from build_checks.py (Keras) to PyTorch by Portolan.
# Input: Net.i=B,4
import torch
from torch import nn


# A check of the shape has no place in a constructor, one of the layer's own arguments has.


class D(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n
        if self.n < 1:
            raise ValueError("n")
        self.w = nn.init.xavier_uniform_(nn.Parameter(torch.empty((4, self.n))))

    def forward(self, x):
        return x @ self.w


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d = D(3)

    def forward(self, i):
        return self.d(i)


m = Net()
