"""Decision "channel-order": PyTorch lays images out as N, C, H, W; Keras as N, H, W, C.

`native` gives the target its own order, `same-input` keeps the arrays that the source takes, and
`channels-first` reorders nothing anywhere.
"""

import torch
from torch import nn


class Denoiser(nn.Module):
    def __init__(self, channels=3, width=16):
        super().__init__()
        self.encode = nn.Conv2d(channels, width, 3, padding=1)
        self.norm = nn.BatchNorm2d(width)
        self.decode = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x):
        return x - self.decode(torch.relu(self.norm(self.encode(x))))


if __name__ == "__main__":
    model = Denoiser()
    print(model(torch.randn(2, 3, 32, 32)).shape)
