# Activations as layers
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.acts = nn.ModuleList([nn.ReLU(), nn.ReLU6(), nn.ELU(0.5), nn.SELU(), nn.CELU(0.7), nn.GELU(), nn.GELU(approximate='tanh'), nn.SiLU(), nn.Mish(), nn.Hardswish(), nn.Hardsigmoid(), nn.Hardtanh(-0.5, 0.8), nn.Softplus(beta=2), nn.Softsign(), nn.Tanh(), nn.Sigmoid(), nn.LogSigmoid(), nn.Tanhshrink(), nn.Softshrink(0.2), nn.Hardshrink(0.3), nn.LeakyReLU(), nn.LeakyReLU(0.3), nn.Threshold(0.1, 2.0), nn.Softmax(dim=-1), nn.LogSoftmax(dim=-1), nn.Softmin(dim=1), nn.GLU(dim=1), nn.Identity()])

    def forward(self, x):
        return tuple(act(x) for act in self.acts)


model = Net()
model(torch.randn(2, 6))
