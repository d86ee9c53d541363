# Ported from missing_attribute.py (Keras) to PyTorch by Portolan.
"""Decision "missing-attribute": PyTorch wants to know how many features come in, and here nobody can say.

The features are whatever a loader passed in by somebody else yields. The answer is a number, or `lazy` for a
PyTorch module that finds out when it first runs.
"""

import torch
from torch import nn


class Unported(nn.Module):
    """Stands where nothing could be ported; raises when it is reached."""

    def __init__(self, what):
        super().__init__()
        self.what = what

    def forward(self, *inputs):
        raise NotImplementedError(self.what)


class Head(nn.Module):
    """Runs on the features of any backbone."""

    def __init__(self, units=64):
        super().__init__()
        self.norm = Unported("normalized_shape is needed and cannot be traced")  # PORT: normalized_shape is needed and cannot be traced
        self.dense = Unported("in_features is needed and cannot be traced")  # PORT: in_features is needed and cannot be traced
        self.score = nn.Linear(64, 1)

    def forward(self, features):
        return self.score(self.dense(self.norm(features)))


def score_all(loader):
    head = Head()
    return [head(torch.as_tensor(features, dtype=torch.float32)) for features in loader]
