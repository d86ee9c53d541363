# Upsample with aligned corners
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.b = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
        self.u = nn.UpsamplingBilinear2d(scale_factor=2)

    def forward(self, x):
        return self.b(x), self.u(x)


model = Net()
model(torch.randn(2, 3, 6, 5))
