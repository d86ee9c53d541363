import torch
import torch.nn as nn

ACTS = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU"}


class AlexNet(nn.Module):
    """A small network — with everything that the panes show."""

    def __init__(self, act="relu", n_cls):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(64)
        self.act = getattr(nn, ACTS[act])()
        self.pool = nn.MaxPool2d(2)
        self.lrn = nn.LocalResponseNorm(5)  # has no counterpart
        self.fc1 = nn.LazyLinear(256)
        self.fc2 = nn.Linear(256, n_cls)

    def forward(self, x):
        # from (B, 3, 32, 32) to (B, n_cls)
        x = self.conv1(x)
        x = self.act(self.bn1(x))
        x = self.lrn(self.pool(x))
        x = torch.flatten(x, 1)
        x = self.act(self.fc1(x))
        return self.fc2(x)


if __name__ == "__main__":
    print(AlexNet(n_cls=10))
