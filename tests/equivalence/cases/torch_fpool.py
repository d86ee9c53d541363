# Functional pooling
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.c(x)), 2)
        x = F.avg_pool2d(x, 3, stride=1, padding=1)
        return F.adaptive_avg_pool2d(x, 1).flatten(1), F.adaptive_avg_pool2d(x, (2, 3))


model = Net()
model(torch.randn(2, 3, 14, 12))
