import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(cout)
        self.proj = nn.Conv2d(cin, cout, 1, stride=stride) if stride != 1 or cin != cout else nn.Identity()

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)) + self.proj(x))


class Net(nn.Module):
    def __init__(self, widths=(16, 32, 64), classes=10):
        super().__init__()
        blocks, c = [], 3
        for i, w in enumerate(widths):
            blocks.append(Block(c, w, stride=1 if i == 0 else 2))
            c = w
        self.body = nn.Sequential(*blocks)
        self.head = nn.Linear(c, classes)

    def forward(self, x):
        return self.head(self.body(x).mean(dim=(2, 3)))


if __name__ == "__main__":
    print(Net()(torch.randn(1, 3, 32, 32)).shape)
