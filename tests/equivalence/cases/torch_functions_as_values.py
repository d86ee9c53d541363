import torch
from torch import nn
import torch.nn.functional as F

ACTS = {"relu": F.relu, "gelu": F.gelu, "silu": F.silu, "leaky": F.leaky_relu}


class B(nn.Module):
    def __init__(self, n, act):
        super().__init__()
        self.fc = nn.Linear(n, n)
        self.act = ACTS[act]

    def forward(self, x):
        return self.act(self.fc(x))


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = B(4, "relu")
        self.b = B(4, "gelu")
        self.c = B(4, "leaky")

    def forward(self, x):
        return self.c(self.b(self.a(x)))


N()(torch.randn(2, 4))
