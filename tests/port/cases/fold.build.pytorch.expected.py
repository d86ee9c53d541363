# Ported from keras_script_build.py (Keras) to PyTorch by Portolan.
# Input: Net.x=B,3,16,16
import torch
import torch.nn.functional as F
from torch import nn


# Layers built in build(): folded into constructors


class Linear(nn.Module):
    def __init__(self, units=32):
        super().__init__()
        self.units = units
        self.w = nn.init.normal_(
            nn.Parameter(torch.empty((1024, self.units))), std=0.05
        )
        self.b = nn.Parameter(torch.zeros((self.units,)))

    def forward(self, inputs):
        return torch.matmul(inputs, self.w) + self.b


class SEBlock(nn.Module):
    def __init__(self, in_channels, reduction=4):
        super().__init__()
        self.reduction = reduction
        channels = in_channels
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Linear(in_channels, channels // self.reduction)
        self.fc2 = nn.Linear(channels // self.reduction, channels)

    def forward(self, x):
        s = torch.flatten(self.pool(x), 1)
        s = torch.sigmoid(self.fc2(F.relu(self.fc1(s))))
        s = torch.reshape(s, (-1, 1, 1, x.shape[-3])).permute(0, 3, 1, 2)
        return x * s


class Net(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding="same")
        self.se1 = SEBlock(8)
        self.conv2_pad = nn.ZeroPad2d((0, 1, 0, 1))
        self.conv2 = nn.Conv2d(8, 16, 3, stride=2)
        self.se2 = SEBlock(16, 2)
        self.flat = nn.Flatten()
        self.out = Linear(classes)

    def forward(self, x):
        x = self.se1(F.relu(self.conv1(x)))
        x = self.se2(F.relu(self.conv2(self.conv2_pad(x))))
        return self.out(self.flat(x.permute(0, 2, 3, 1)))


net = Net()
