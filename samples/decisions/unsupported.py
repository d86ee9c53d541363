"""Decision "unsupported": a layer that no rule knows, in the middle of a network.

The port of everything else is written; in this layer's place stands a stub of the same signature that
raises when it is reached, until somebody answers with code or with another kind.
"""

import torch
from torch import nn


class Compact(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.hidden = nn.Linear(20, 16)
        self.shrink = nn.FractionalMaxPool2d(2, output_size=(3, 3))
        self.output = nn.Linear(9, classes)

    def forward(self, x):
        x = torch.relu(self.hidden(x)).view(-1, 1, 4, 4)
        x = self.shrink(x)
        return self.output(x.flatten(1))


if __name__ == "__main__":
    print(Compact()(torch.randn(2, 20)).shape)
