# Activations as functions
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        return F.relu(x), F.relu6(x), F.elu(x), F.selu(x), F.celu(x), F.gelu(x), F.silu(x), F.mish(x), F.hardswish(x), F.hardsigmoid(x), F.hardtanh(x), F.softplus(x), F.softsign(x), F.tanh(x), F.sigmoid(x), F.logsigmoid(x), F.tanhshrink(x), F.softshrink(x), F.hardshrink(x), F.leaky_relu(x), F.glu(x, dim=1), F.softmax(x, dim=1), F.log_softmax(x, 1), F.softmin(x, dim=1), F.threshold(x, 0.1, 2.0)


model = Net()
model(torch.randn(2, 3, 5, 5))
