# Ported from worked_example.ported.py (Keras) to PyTorch by Portolan.
# Input: Net.x=B,3,32,32
import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv_pad = nn.ZeroPad2d(1)
        self.conv = nn.Conv2d(cin, cout, 3, stride=stride, bias=False)
        self.bn = nn.BatchNorm2d(cout)
        self.proj = (
            nn.Conv2d(cin, cout, 1, stride=stride)
            if stride != 1 or cin != cout
            else nn.Identity()
        )

    def forward(self, x):
        return F.relu(self.bn(self.conv(self.conv_pad(x))) + self.proj(x))


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64), classes=10):
        super().__init__()
        blocks, c = [], 3
        for i, w in enumerate(widths):
            blocks.append(Block(c, w, stride=1 if i == 0 else 2))
            c = w
        self.body = nn.Sequential(*blocks)
        self.head = nn.Linear(w, classes)

    def forward(self, x):
        return self.head(torch.mean(self.body(x), dim=(2, 3)))


if __name__ == "__main__":
    print(
        Net()(torch.randn(1, 3, 32, 32).permute(0, 2, 3, 1).permute(0, 3, 1, 2)).shape
    )
