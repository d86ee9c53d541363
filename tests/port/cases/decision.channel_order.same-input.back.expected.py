# Ported from decision.channel_order.same-input.ported.py (Keras) to PyTorch by Portolan.
# Input: Denoiser.x=B,32,3,32
"""Decision "channel-order": PyTorch lays images out as N, C, H, W; Keras as N, H, W, C.

`native` gives the target its own order, `same-input` keeps the arrays that the source takes, and
`channels-first` reorders nothing anywhere.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Denoiser(nn.Module):
    def __init__(self, channels=3, width=16):
        super().__init__()
        self.encode = nn.Conv2d(32, width, 3, padding="same")
        self.norm = nn.BatchNorm2d(width)
        self.decode = nn.Conv2d(width, channels, 3, padding="same")

    def forward(self, x):
        return x - self.decode(F.relu(self.norm(self.encode(x))))


if __name__ == "__main__":
    model = Denoiser()
    # PORT: a shape of a tensor whose rank is not known
    #     print(
    #             (
    #                 ops.shape(model(keras.random.normal((2, 3, 32, 32))))[0],
    #                 model(keras.random.normal((2, 3, 32, 32))).shape[3],
    #                 model(keras.random.normal((2, 3, 32, 32))).shape[1],
    #                 model(keras.random.normal((2, 3, 32, 32))).shape[2],
    #             )
    #         )
    pass
