# padding='same' with an even kernel
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 4, padding='same')
        self.b = nn.Conv1d(4, 2, 2, padding='same')

    def forward(self, x):
        x = self.a(x)
        return self.b(x.flatten(2))


model = Net()
model(torch.randn(2, 3, 6, 5))
