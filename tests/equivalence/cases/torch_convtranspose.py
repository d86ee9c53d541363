# Transposed convolution with padding and output padding
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)
        self.up2 = nn.ConvTranspose2d(6, 3, 4, stride=2, padding=1)

    def forward(self, x):
        return self.up2(torch.relu(self.up(x)))


model = Net()
model(torch.randn(2, 4, 7, 6))
