# Deep copies of layers, functions handed to a forward pass, numbers of several types, a part that nothing calls.
import copy
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def clones(module, n):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(n)])


class Norm(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(features))
        self.shift = nn.Parameter(torch.zeros(features))

    def forward(self, x):
        return self.gain * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + 1e-6) + self.shift


class Attention(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.parts = clones(nn.Linear(width, width), 3)

    def forward(self, x, mask=None):
        q, k, v = [part(x) for part in self.parts]
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -1e9)
        return F.softmax(scores, dim=-1) @ v


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = Norm(width)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x, inner, scale):
        return x + scale * self.dropout(inner(self.norm(x)))


class Layer(nn.Module):
    def __init__(self, width, attention, feed):
        super().__init__()
        self.attention, self.feed = attention, feed
        self.residuals = clones(Residual(width), 2)

    def forward(self, x, mask):
        x = self.residuals[0](x, lambda y: self.attention(y, mask), 0.5)
        return self.residuals[1](x, self.feed, 2)


class Places(nn.Module):
    def __init__(self, width, longest=20):
        super().__init__()
        places = torch.zeros(longest, width)
        position = torch.arange(0, longest).unsqueeze(1)
        rate = torch.exp(torch.arange(0, width, 2) * -(math.log(100.0) / width))
        places[:, 0::2] = torch.sin(position * rate)
        places[:, 1::2] = torch.cos(position * rate)
        self.register_buffer("places", places)

    def forward(self, x):
        return x + self.places[: x.size(1)]


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        c = copy.deepcopy
        attention, feed = Attention(width), nn.Sequential(nn.Linear(width, width), nn.ReLU())
        self.places = Places(width)
        self.layers = clones(Layer(width, c(attention), c(feed)), 2)
        self.unused = nn.Linear(width, 3)

    def forward(self, x, mask):
        x = self.places(x)
        for layer in self.layers:
            x = layer(x, mask)
        return x


net = Net()
mask = torch.tril(torch.ones(1, 6, 6)) == 1
net(torch.randn(2, 6, 8), mask)
