# F.pad on images: last axis first
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = F.pad(x, (1, 2, 3, 0))
        x = F.pad(x, (1, 1), mode='constant', value=2.0)
        x = F.pad(x, (1, 1, 1, 1), mode='reflect')
        x = F.pad(x, (0, 1, 2, 0), mode='replicate')
        x = self.conv(x)
        return F.pad(x, (0, 0, 0, 0, 1, 2))


model = Net()
model(torch.randn(2, 3, 6, 5))
