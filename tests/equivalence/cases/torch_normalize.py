# F.normalize over channels and features
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = F.normalize(self.c(x))
        y = F.normalize(x.flatten(2), dim=-1)
        z = F.normalize(x.mean((2, 3)), p=1, dim=1)
        return x, y, z


model = Net()
model(torch.randn(2, 3, 6, 5))
