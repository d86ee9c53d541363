# F.interpolate by scale and by size
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        a = F.interpolate(x, scale_factor=2)
        b = F.interpolate(x, size=(9, 7), mode='bilinear', align_corners=False)
        c = F.interpolate(x, scale_factor=2, mode='bilinear')
        d = F.interpolate(x, size=a.shape[2:])
        e = F.interpolate(x, size=a.shape[-2:], mode='bilinear', align_corners=True)
        return a, b, c, d, e


model = Net()
model(torch.randn(2, 3, 6, 5))
