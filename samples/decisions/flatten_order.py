"""Decision "flatten-order": a flatten merges the channel axis, so the order of its features changes.

`source` keeps the order with a permutation, so that weights are interchangeable; `target` saves that
operation, and the weights of the next layer are reordered instead.
"""

import torch
from torch import nn


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(4 * 12 * 12, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return self.fc(x.flatten(1))


if __name__ == "__main__":
    print(Digits()(torch.randn(2, 1, 28, 28)).shape)
