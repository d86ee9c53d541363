# Ported from keras_graphs_helper_methods.py (Keras) to PyTorch by Portolan.
# Input: Net.inp=B,3,32,32
import torch
import torch.nn.functional as F
from torch import nn


# Helper methods that build layers, and two graphs of which one begins with the other


class Block(nn.Module):
    def __init__(self, in_channels, n):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, n, 3, padding="same", bias=False)
        self.bn = nn.BatchNorm2d(n, eps=0.001, momentum=0.01)
        self.relu = nn.ReLU()

    def forward(self, x):
        x = self.conv(x)
        x = self.bn(x)
        return self.relu(x)


class Features(nn.Module):
    def __init__(self, size, width):
        super().__init__()
        self.block = Block(3, width)
        self.pool = nn.MaxPool2d(2)
        self.block2 = Block(width, width * 2)

    def forward(self, inp):
        x = self.block(inp)
        x = self.pool(x)
        f = self.block2(x)
        return f


class Net(nn.Module):
    def __init__(self, features, size, classes):
        super().__init__()
        self.features = features
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dense = nn.Linear(16, classes)

    def forward(self, inp):
        f = self.features(inp)
        p = torch.flatten(self.pool(f), 1)
        out = F.softmax(self.dense(p), dim=-1)
        return out


class Trainer:
    def __init__(self, size=32, classes=5, width=8):
        self.size = size
        self.classes = classes
        self.width = width
        self.build_models()

    def build_models(self):
        self.features = Features(self.size, self.width)
        self.model = Net(self.features, self.size, self.classes)


t = Trainer()
