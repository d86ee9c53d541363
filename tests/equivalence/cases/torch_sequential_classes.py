# Classes derived from nn.Sequential
import torch
import torch.nn as nn


class ConvBNReLU(nn.Sequential):
    def __init__(self, cin, cout, k=3, stride=1):
        padding = (k - 1) // 2
        super().__init__(
            nn.Conv2d(cin, cout, k, stride, padding, bias=False),
            nn.BatchNorm2d(cout),
            nn.ReLU6(inplace=True),
        )


class Stage(nn.Sequential):
    def __init__(self, cin, cout, n):
        layers = [ConvBNReLU(cin, cout, stride=2)]
        for _ in range(n):
            layers.append(ConvBNReLU(cout, cout))
        super(Stage, self).__init__(*layers)
        self.out = cout


class Net(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.stem = ConvBNReLU(3, 8)
        self.stage = Stage(8, 16, 1)
        self.head = nn.Linear(self.stage.out, classes)

    def forward(self, x):
        x = self.stage(self.stem(x))
        return self.head(x.mean([2, 3]))


net = Net()
y = net(torch.randn(2, 3, 16, 16))
