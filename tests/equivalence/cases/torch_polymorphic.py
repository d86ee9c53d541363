# One activation and one drop path, on images and on the tokens made of them.
import torch
from torch import nn


def drop_path(x, p, training):
    if p == 0.0 or not training:
        return x
    keep = 1 - p
    noise = torch.empty([x.shape[0]] + [1] * (x.ndim - 1), dtype=x.dtype, device=x.device)
    noise = noise.bernoulli_(keep).div_(keep)
    return x * noise


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return drop_path(x, self.p, self.training)


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.fc = nn.Linear(8, 8)
        self.act = Swish()
        self.drop = DropPath(0.1)

    def forward(self, x):
        x = x + 0.0
        y = self.drop(self.act(self.conv(x)))
        b, c, h, w = y.shape
        tokens = y.reshape(b, c, 4, h // 4, 4, w // 4).permute(0, 2, 4, 3, 5, 1).reshape(b, 16, -1, c)
        tokens = tokens + self.drop(self.act(self.fc(tokens)))
        return tokens.mean(dim=(1, 2)) + y.mean(dim=(2, 3))


N()(torch.randn(2, 3, 8, 12))
