# Group, instance, layer norms on images
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.g = nn.GroupNorm(2, 6)
        self.i = nn.InstanceNorm2d(6)
        self.ia = nn.InstanceNorm2d(6, affine=True)
        self.l = nn.LayerNorm([6, 5, 4])
        self.b = nn.BatchNorm2d(6, affine=False)

    def forward(self, x):
        x = self.g(x)
        x = self.ia(torch.relu(x))
        x = self.l(torch.tanh(x))
        x = self.b(x)
        return x + self.i(x)


model = Net()
model(torch.randn(2, 6, 5, 4))
