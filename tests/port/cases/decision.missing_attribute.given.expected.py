# Ported from missing_attribute.py (Keras) to PyTorch by Portolan.
# Input: Head.features=8,32
"""Decision "missing-attribute": PyTorch wants to know how many features come in, and here nobody can say.

The features are whatever a loader passed in by somebody else yields. The answer is a number, or `lazy` for a
PyTorch module that finds out when it first runs.
"""

import torch
import torch.nn.functional as F
from torch import nn


class Head(nn.Module):
    """Runs on the features of any backbone."""

    def __init__(self, units=64):
        super().__init__()
        self.norm = nn.LayerNorm(32, eps=0.001)
        self.dense = nn.Linear(32, units)
        self.score = nn.Linear(units, 1)

    def forward(self, features):
        return self.score(F.relu(self.dense(self.norm(features))))


def score_all(loader):
    head = Head()
    return [head(torch.as_tensor(features, dtype=torch.float32)) for features in loader]
