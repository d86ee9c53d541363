# Ported from input_shape.py (Keras) to PyTorch by Portolan.
# Input: SmallNet.x=1,3,32,32
"""Decision "input-shape": nothing in this file says how large an image is.

Portolan asks for the shape (or takes --shape) where it needs a size: the first dense layer's number of
inputs depends on it.
"""

import torch.nn.functional as F
from torch import nn


class SmallNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.pool = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.dense = nn.Linear(1800, num_classes)

    def forward(self, x):
        return self.dense(
            self.flatten(self.pool(F.relu(self.conv(x))).permute(0, 2, 3, 1))
        )
