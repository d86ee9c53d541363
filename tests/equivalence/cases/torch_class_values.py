# Classes of layers as values, called where several kinds come to be.
from functools import partial

import torch
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "leaky": partial(nn.LeakyReLU, 0.2), "hswish": nn.Hardswish, "elu": nn.ELU}


class ConvBlock(nn.Module):
    def __init__(self, cin, cout, norm_layer=nn.BatchNorm2d, activation_layer=nn.ReLU, inplace=True):
        super().__init__()
        layers = [nn.Conv2d(cin, cout, 3, padding=1, bias=norm_layer is None)]
        if norm_layer is not None:
            layers.append(norm_layer(cout))
        if activation_layer is not None:
            params = {} if inplace is None else {"inplace": inplace}
            layers.append(activation_layer(**params))
        self.block = nn.Sequential(*layers)

    def forward(self, x):
        return self.block(x)


class Net(nn.Module):
    def __init__(self, acts=("relu", "leaky", "hswish", "elu"), pools=(nn.MaxPool2d, nn.AvgPool2d)):
        super().__init__()
        norm = partial(nn.BatchNorm2d, eps=1e-3, momentum=0.01)
        blocks, cin = [], 3
        for i, act in enumerate(acts):
            blocks.append(ConvBlock(cin, 8 * (i + 1), norm_layer=norm, activation_layer=ACTIVATIONS[act]))
            cin = 8 * (i + 1)
        self.blocks = nn.ModuleList(blocks)
        self.plain = ConvBlock(cin, 16, norm_layer=None, activation_layer=nn.Sigmoid, inplace=None)
        self.pools = nn.ModuleList([pool(2) for pool in pools])
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        x = self.plain(x)
        for pool in self.pools:
            x = pool(x)
        return self.head(x.mean((2, 3)))


model = Net()
x = torch.randn(2, 3, 16, 16)
y = model(x)
