# Dilated max pooling
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.MaxPool2d(3, stride=1, dilation=2)

    def forward(self, x):
        return self.p(x)


model = Net()
model(torch.randn(2, 3, 9, 8))
