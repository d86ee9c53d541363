"""Decision "constructor-argument": the network needs a number that this file never gives it.

Portolan asks for the literal, so that the network can be traced; the parameter stays a parameter.
"""

import torch
from torch import nn


class Regressor(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.hidden = nn.Linear(12, hidden_size)
        self.output = nn.Linear(hidden_size, 1)

    def forward(self, x):
        return self.output(torch.tanh(self.hidden(x)))
