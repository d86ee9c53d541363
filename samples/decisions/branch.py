"""Decision "branch": a condition that depends on the values of a tensor.

Both arms are kept where the target can run them so; else one of them is chosen.
"""

import torch
from torch import nn


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.coarse = nn.Linear(8, 4)
        self.fine = nn.Linear(8, 4)

    def forward(self, x):
        if x.mean() > 0:
            return self.fine(x)
        return self.coarse(x)


if __name__ == "__main__":
    print(Gated()(torch.randn(2, 8)).shape)
