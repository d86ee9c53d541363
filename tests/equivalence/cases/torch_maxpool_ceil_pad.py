# ceil_mode with padding where the last window starts in the padding
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p = nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)
        self.q = nn.MaxPool2d(3, 3, ceil_mode=True)

    def forward(self, x):
        a = self.q(self.p(x))
        return a


model = Net()
model(torch.randn(2, 3, 14, 9))
