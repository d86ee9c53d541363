# Unflatten and view to an image
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(6, 24)
        self.u = nn.Unflatten(1, (2, 3, 4))
        self.c = nn.ConvTranspose2d(2, 3, 2, stride=2)

    def forward(self, x):
        x = self.f(x)
        return self.c(self.u(x)), self.c(x.view(-1, 2, 3, 4))


model = Net()
model(torch.randn(2, 6))
