# Functional max pooling with padding
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = F.max_pool2d(self.c(x), kernel_size=3, stride=2, padding=1)
        return x


model = Net()
model(torch.randn(2, 3, 14, 12))
