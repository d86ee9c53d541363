# Ported from input_shape.py (Keras) to PyTorch by Portolan.
"""Decision "input-shape": nothing in this file says how large an image is.

Portolan asks for the shape (or takes --shape) where it needs a size: the first dense layer's number of
inputs depends on it.
"""

from torch import nn


class Unported(nn.Module):
    """Stands where nothing could be ported; raises when it is reached."""

    def __init__(self, what):
        super().__init__()
        self.what = what

    def forward(self, *inputs):
        raise NotImplementedError(self.what)


class SmallNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = Unported("in_channels is needed and cannot be traced")  # PORT: in_channels is needed and cannot be traced
        self.pool = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.dense = Unported("in_features is needed and cannot be traced")  # PORT: in_features is needed and cannot be traced

    def forward(self, x):
        return self.dense(self.flatten(self.pool(self.conv(x)).permute(0, 2, 3, 1)))
