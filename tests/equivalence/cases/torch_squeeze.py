# squeeze and unsqueeze around images
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 1, 3)
        self.p = nn.AdaptiveAvgPool2d(1)
        self.d = nn.Conv2d(3, 5, 1)

    def forward(self, x):
        a = self.c(x).squeeze(1)
        b = self.p(self.d(x)).squeeze(-1).squeeze(-1)
        c = self.p(self.d(x)).squeeze()
        e = a.unsqueeze(1)
        f = b.unsqueeze(-1).unsqueeze(-1)
        return a, b, c, e, f, a.unsqueeze(-1)


model = Net()
model(torch.randn(2, 3, 6, 5))
