# Arguments passed on by **kwargs
import torch
import torch.nn as nn
import torch.nn.functional as F


class BasicConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super(BasicConv2d, self).__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x):
        x = self.conv(x)
        x = self.bn(x)
        return F.relu(x, inplace=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = BasicConv2d(3, 8, kernel_size=3, stride=2)
        self.b = BasicConv2d(8, 8, kernel_size=(1, 7), padding=(0, 3))
        self.c = BasicConv2d(8, 8, kernel_size=3, padding=1)

    def forward(self, x):
        return self.c(self.b(self.a(x)))


net = Net()
net(torch.randn(1, 3, 17, 17))
