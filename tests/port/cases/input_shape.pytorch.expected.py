# Ported from input_shape.pytorch.py (Keras) to PyTorch by Portolan.
# Input: Build.img_input=B,3,24,24
# What only says, finds and checks the input's shape goes; what only refuses arguments too
import os
import warnings
import torch.nn.functional as F
from torch import nn


class Build(nn.Module):
    def __init__(self, weights=None, alpha=1.0, classes=5):
        super().__init__()
        if not (weights in {'imagenet', None} or os.path.exists(weights)):
            raise ValueError('no such weights')
        if weights == 'imagenet':
            if alpha not in [0.5, 1.0]:
                raise ValueError('no weights for this alpha')
        self.conv = nn.Conv2d(3, int(8 * alpha), 3)
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(3872, classes)

    def forward(self, img_input):
        x = F.relu(self.conv(img_input))
        x = self.flatten(x.permute(0, 2, 3, 1))
        x = self.dense(x)
        return x


def build(input_shape=None, weights=None, include_top=True, alpha=1.0, classes=5):
    return Build(weights, alpha, classes)


model = build()
