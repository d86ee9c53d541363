# Ported from late_lambda.py (Keras) to PyTorch by Portolan.
# Input: Net.inputs=B,8,8,16
import torch
from torch import nn


class Apply(nn.Module):
    """A function of one tensor, with its options, as a module."""

    def __init__(self, function, *args, **options):
        super().__init__()
        self.function = function
        self.args = args
        self.options = options

    def forward(self, x):
        return self.function(x, *self.args, **self.options)


class Grouped(nn.Module):
    def __init__(self, width, groups):
        super().__init__()
        self.lambdas = nn.ModuleList()
        self.convs = nn.ModuleList()
        for c in range(groups):
            self.lambdas.append(
                Apply(
                    lambda z: z[:, :, :, c * width:(c + 1) * width].permute(0, 3, 1, 2)
                )
            )
            self.convs.append(nn.Conv2d(4, width, 3, padding="same"))

    def forward(self, x):
        parts = []
        for lambda_layer, conv in zip(self.lambdas, self.convs):
            g = lambda_layer(x)
            parts.append(conv(g))
        return torch.cat(parts, dim=1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.grouped = Grouped(4, 4)
        self.dense = nn.Linear(16, 3)
        self.pool = nn.AdaptiveAvgPool2d(1)

    def forward(self, inputs):
        x = self.grouped(inputs)
        return self.dense(torch.flatten(self.pool(x), 1))


model = Net()
