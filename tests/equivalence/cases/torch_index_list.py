# Indexing by a list and by a tensor
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer('order', torch.tensor([2, 0, 1]))

    def forward(self, x):
        return x[:, [0, 2]], x[:, self.order], torch.index_select(x, 1, self.order)


model = Net()
model(torch.randn(2, 3, 6))
