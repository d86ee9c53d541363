# BatchNorm1d and Conv1d on (N, C, L)
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv1d(4, 6, 3, padding=1)
        self.b = nn.BatchNorm1d(6)
        self.n = nn.InstanceNorm1d(6)
        self.d = nn.Dropout1d(0.2)

    def forward(self, x):
        return self.d(self.n(F.gelu(self.b(self.c(x)))))


model = Net()
model(torch.randn(2, 4, 9))
