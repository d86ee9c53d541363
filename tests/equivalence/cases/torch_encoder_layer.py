# TransformerEncoderLayer
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True)

    def forward(self, x):
        return self.e(x)


model = Net()
model(torch.randn(2, 5, 8))
