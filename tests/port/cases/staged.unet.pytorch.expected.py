# Ported from keras_staged_unet.py (Keras) to PyTorch by Portolan.
# Input: Unet.inputs=B,3,64,64
import torch
import torch.nn.functional as F
from torch import nn


# unet with skips in a list


class DoubleConv(nn.Module):
    def __init__(self, in_channels, n):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, n, 3, padding="same")
        self.conv2 = nn.Conv2d(n, n, 3, padding="same")

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = F.relu(self.conv2(x))
        return x


class Down(nn.Module):
    def __init__(self, in_channels, n):
        super().__init__()
        self.double_conv = DoubleConv(in_channels, n)
        self.pool = nn.MaxPool2d(2)
        self.dropout = nn.Dropout(0.3)

    def forward(self, x):
        f = self.double_conv(x)
        p = self.pool(f)
        p = self.dropout(p)
        return f, p


class Up(nn.Module):
    def __init__(self, in_channels, n):
        super().__init__()
        self.upconv = nn.ConvTranspose2d(in_channels, n, 3, stride=2)
        self.upconv_crop = nn.ZeroPad2d((0, -1, 0, -1))
        self.dropout = nn.Dropout(0.3)
        self.double_conv = DoubleConv(in_channels, n)

    def forward(self, x, skip):
        x = self.upconv_crop(self.upconv(x))
        x = torch.cat([x, skip], dim=1)
        x = self.dropout(x)
        return self.double_conv(x)


class Unet(nn.Module):
    def __init__(self, depth=3, base=8):
        super().__init__()
        self.depth = depth
        self.downs = nn.ModuleList()
        in_channels = 3
        for i in range(depth):
            self.downs.append(Down(in_channels, base * 2 ** i))
            in_channels = base * 2**i
        self.double_conv = DoubleConv(in_channels, base * 2 ** depth)
        self.ups = nn.ModuleList()
        for i in reversed(range(depth)):
            self.ups.append(Up(base * 2**i + base * 2**i, base * 2 ** i))
        self.conv = nn.Conv2d(8, 3, 1, padding="same")

    def forward(self, inputs):
        skips = []
        x = inputs
        for down in self.downs:
            f, x = down(x)
            skips.append(f)
        x = self.double_conv(x)
        for i, up in zip(reversed(range(self.depth)), self.ups):
            x = up(x, skips[i])
        outputs = F.softmax(self.conv(x), dim=1)
        return outputs


def build_unet(size=64, depth=3, base=8):
    return Unet(depth, base)


unet = build_unet()
