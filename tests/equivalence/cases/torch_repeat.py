# repeat, expand, tile and repeat_interleave
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        a = x.repeat(1, 2, 1, 1)
        b = x.mean(1, keepdim=True).expand(-1, 3, -1, -1)
        c = x.repeat_interleave(2, dim=1)
        d = x.mean((2, 3)).unsqueeze(1).expand(-1, 5, -1)
        e = x.mean((1, 2), keepdim=True).expand_as(x)
        return a, b, c, d, e


model = Net()
model(torch.randn(2, 3, 6, 5))
