# permute - LayerNorm - permute on an image
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 6, 3)
        self.l = nn.LayerNorm(6, eps=1e-6)
        self.d = nn.Conv2d(6, 4, 1)

    def forward(self, x):
        x = self.c(x)
        x = x.permute(0, 2, 3, 1)
        x = self.l(x)
        x = x.permute(0, 3, 1, 2)
        return self.d(x)


model = Net()
model(torch.randn(2, 3, 7, 6))
