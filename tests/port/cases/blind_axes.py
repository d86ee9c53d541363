# Axes in code that nothing runs: an image where a convolution takes it, else nobody knows which axis is meant.
import torch
import torch.nn as nn


class N(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.c(x)

    def probs(self, x, k):
        y = torch.softmax(self.c(x), dim=1)
        z = torch.cat([y, k], dim=1)
        return z.sum(dim=1), z.max(1)

    def part(self, k):
        first = k[0]
        return k[:, 0] + first, k.reshape(-1, 4)


def g(x):
    return torch.softmax(x, dim=1)


def h(x, n):
    for i in range(n):
        x = mystery(x)
    return torch.softmax(x, dim=1), x.mean(dim=(2, 3))


N()(torch.randn(1, 3, 8, 8))
