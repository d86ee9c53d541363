# Values and indices of max over an axis
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        v, i = x.max(1)
        w, _ = torch.max(x, dim=-1)
        u = x.max(dim=2).values
        k = x.max(dim=2)[0]
        a = x.argmax(1)
        return v, i, w, u + k, a, x.max(), torch.max(x, x * 2), x.min(dim=1)[0]


model = Net()
model(torch.randn(2, 3, 6, 5))
