# Sequential with every kind of layer
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU(), nn.MaxPool2d(3, 2, 1), nn.ReflectionPad2d(1), nn.Upsample(scale_factor=2), nn.GroupNorm(2, 4), nn.Flatten(), nn.LazyLinear(5))

    def forward(self, x):
        return self.net(x)


model = Net()
model(torch.randn(2, 3, 8, 8))
