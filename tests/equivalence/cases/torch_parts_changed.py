import torch
from torch import nn
import torch.nn.functional as F


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 9)
        self.proj = nn.Linear(6, 9)

    def forward(self, x):
        bias = self.fc.bias.clone()
        length = bias.numel() // 3
        bias[length : 2 * length].zero_()
        y = F.linear(x, self.fc.weight, bias)
        h = self.proj(x)
        h[:, 2:4].mul_(0.5)
        h[:, 0] += 2.0
        h[:, 1] *= y[:, 0]
        k = x.numel() // x.size(0)
        return y + h * k


N()(torch.randn(3, 6))
