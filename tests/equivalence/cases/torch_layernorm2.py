# LayerNorm over two axes of a sequence
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LayerNorm((5, 8))

    def forward(self, x):
        return self.l(x)


model = Net()
model(torch.randn(2, 5, 8))
