# TransformerEncoder of norm-first layers
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, activation='gelu', batch_first=True, norm_first=True), num_layers=2)

    def forward(self, x):
        return self.e(x)


model = Net()
model(torch.randn(2, 5, 8))
