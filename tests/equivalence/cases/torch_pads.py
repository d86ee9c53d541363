# Padding layers of every mode
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.z = nn.ZeroPad2d((1, 2, 0, 3))
        self.c = nn.ConstantPad2d((1, 0, 2, 1), 1.5)
        self.r = nn.ReflectionPad2d(2)
        self.p = nn.ReplicationPad2d((1, 2, 3, 0))
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        return self.conv(self.p(self.r(self.c(self.z(x)))))


model = Net()
model(torch.randn(2, 3, 6, 5))
