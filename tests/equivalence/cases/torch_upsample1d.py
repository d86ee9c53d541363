# Upsampling sequences and volumes
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Upsample(scale_factor=3)
        self.v = nn.Upsample(scale_factor=2)

    def forward(self, x):
        return self.a(x), self.v(x.reshape(-1, 2, 2, 3, 2))


model = Net()
model(torch.randn(2, 4, 6))
