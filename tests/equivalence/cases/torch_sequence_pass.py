# Dense layers that are sequences with a pass of their own, added by name
import torch
import torch.nn as nn
import torch.nn.functional as F
from collections import OrderedDict

cfg = {'A': [8, 'M', 16, 'M', 32, 32, 'M'], 'B': [8, 8, 'M', 16, 16, 'M']}


def make_layers(cfg, batch_norm=False):
    layers = []
    in_channels = 3
    for v in cfg:
        if v == 'M':
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=1)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


class DenseLayer(nn.Sequential):
    def __init__(self, num_input, growth, bn_size, drop):
        super().__init__()
        self.add_module('norm1', nn.BatchNorm2d(num_input))
        self.add_module('relu1', nn.ReLU(inplace=True))
        self.add_module('conv1', nn.Conv2d(num_input, bn_size * growth, 1, bias=False))
        self.add_module('norm2', nn.BatchNorm2d(bn_size * growth))
        self.add_module('relu2', nn.ReLU(inplace=True))
        self.add_module('conv2', nn.Conv2d(bn_size * growth, growth, 3, padding=1, bias=False))
        self.drop = drop

    def forward(self, x):
        new = super().forward(x)
        if self.drop > 0:
            new = F.dropout(new, p=self.drop, training=self.training)
        return torch.cat([x, new], 1)


class DenseBlock(nn.Sequential):
    def __init__(self, n, num_input, bn_size, growth, drop):
        super().__init__()
        for i in range(n):
            self.add_module('denselayer%d' % (i + 1), DenseLayer(num_input + i * growth, growth, bn_size, drop))


class Net(nn.Module):
    def __init__(self, cfg_name='A'):
        super().__init__()
        self.features = make_layers(cfg[cfg_name], True)
        self.dense = nn.Sequential(OrderedDict([('block', DenseBlock(2, 32, 2, 4, 0.1)), ('norm', nn.BatchNorm2d(40))]))
        self.classifier = nn.Linear(40, 10)

    def forward(self, x):
        x = self.dense(self.features(x))
        x = x.mean([2, 3])
        return self.classifier(x)


model = Net()
model(torch.zeros(2, 3, 16, 16))
