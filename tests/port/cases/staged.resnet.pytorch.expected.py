# Ported from keras_staged_resnet.py (Keras) to PyTorch by Portolan.
# Input: ResNet.img_input=B,3,64,64
import torch
import torch.nn.functional as F
from torch import nn


class Add(nn.Module):
    """Adds the tensors of a list."""

    def forward(self, tensors):
        return sum(tensors[1:], tensors[0])


# resnet with stack functions passed, closures


class Block(nn.Module):
    def __init__(self, in_channels, in_channels_2, filters, kernel_size=3, stride=1, conv_shortcut=True):
        super().__init__()
        self.conv_shortcut = conv_shortcut
        if conv_shortcut:
            self.conv = nn.Conv2d(in_channels, 4 * filters, 1, stride=stride)
            self.bn = nn.BatchNorm2d(4 * filters, eps=1.001e-5, momentum=0.01)
        self.conv2 = nn.Conv2d(in_channels_2, filters, 1, stride=stride)
        self.bn2 = nn.BatchNorm2d(filters, eps=1.001e-5, momentum=0.01)
        self.act = nn.ReLU()
        self.conv3 = nn.Conv2d(filters, filters, kernel_size, padding="same")
        self.bn3 = nn.BatchNorm2d(filters, eps=1.001e-5, momentum=0.01)
        self.act2 = nn.ReLU()
        self.conv4 = nn.Conv2d(filters, 4 * filters, 1)
        self.bn4 = nn.BatchNorm2d(4 * filters, eps=1.001e-5, momentum=0.01)
        self.add = Add()
        self.act3 = nn.ReLU()

    def forward(self, x):
        if self.conv_shortcut:
            shortcut = self.conv(x)
            shortcut = self.bn(shortcut)
        else:
            shortcut = x
        x = self.conv2(x)
        x = self.bn2(x)
        x = self.act(x)
        x = self.conv3(x)
        x = self.bn3(x)
        x = self.act2(x)
        x = self.conv4(x)
        x = self.bn4(x)
        x = self.add([shortcut, x])
        x = self.act3(x)
        return x


class Stack(nn.Module):
    def __init__(self, in_channels, filters, blocks, stride1=2):
        super().__init__()
        self.block = Block(in_channels, in_channels, filters, stride=stride1)
        self.blocks2 = nn.ModuleList()
        for i in range(2, blocks + 1):
            self.blocks2.append(Block(None, 4 * filters, filters, conv_shortcut=False))

    def forward(self, x):
        x = self.block(x)
        for block2 in self.blocks2:
            x = block2(x)
        return x


class ResNet(nn.Module):
    def __init__(self, stack_fn, model_name="resnet", classes=7):
        super().__init__()
        self.conv1_pad = nn.ZeroPad2d(3)
        self.conv1_conv = nn.Conv2d(3, 16, 7, stride=2)
        self.conv1_bn = nn.BatchNorm2d(16, eps=1.001e-5, momentum=0.01)
        self.conv1_relu = nn.ReLU()
        self.pool1_pad = nn.ZeroPad2d(1)
        self.pool1_pool = nn.MaxPool2d(3, stride=2)
        self.stack_fn2 = stack_fn()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.predictions = nn.Linear(128, classes)

    def forward(self, img_input):
        x = self.conv1_pad(img_input)
        x = self.conv1_conv(x)
        x = self.conv1_bn(x)
        x = self.conv1_relu(x)
        x = self.pool1_pad(x)
        x = self.pool1_pool(x)
        x = self.stack_fn2(x)
        x = torch.flatten(self.avg_pool(x), 1)
        x = F.softmax(self.predictions(x), dim=-1)
        return x


def ResNet50(**kwargs):
    class StackFn(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv2 = Stack(16, 8, 3, stride1=1)
            self.conv3 = Stack(4 * 8, 16, 4)
            self.conv5 = Stack(4 * 16, 32, 2)

        def forward(self, x):
            x = self.conv2(x)
            x = self.conv3(x)
            return self.conv5(x)

    return ResNet(StackFn, "resnet50", **kwargs)


model = ResNet50(classes=5)
