# Ported from keras_version.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,8
"""Decision "keras-version": hard_sigmoid is one function in Keras 2 and another one in Keras 3.

Nothing else in the file tells the two apart, so Portolan asks which one it was written for (Keras 2, unless
told otherwise).
"""

import torch
from torch import nn


def keras2_hard_sigmoid(x):
    """The hard sigmoid of Keras 2, another than that of Keras 3."""
    return torch.clamp(0.2 * x + 0.5, 0.0, 1.0)


class Apply(nn.Module):
    """A function of one tensor, with its options, as a module."""

    def __init__(self, function, *args, **options):
        super().__init__()
        self.function = function
        self.args = args
        self.options = options

    def forward(self, x):
        return self.function(x, *self.args, **self.options)


model = nn.Sequential(nn.Linear(8, 16), Apply(keras2_hard_sigmoid), nn.Linear(16, 2))

print(model)
