# chunk, split, unbind, stack, cat
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.c(x)
        a, b = x.chunk(2, dim=1)
        c, d, e = torch.split(x, [2, 2, 4], dim=1)
        f, g = x.split(4, 1)
        h = torch.stack([a, b], dim=1)
        i, j = h.unbind(1)
        return torch.cat([b, a], 1), torch.cat((e, c, d), dim=-3), h, i - j, torch.cat([f, g], dim=0)


model = Net()
model(torch.randn(2, 3, 6, 5))
