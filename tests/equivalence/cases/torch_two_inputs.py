# Two inputs, one image and one vector
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.f = nn.Linear(5, 4)

    def forward(self, x, y):
        a = self.c(x)
        b = self.f(y)
        return a + b[..., None, None], a * b.unsqueeze(2).unsqueeze(3)


model = Net()
model(torch.randn(2, 3, 6, 5), torch.randn(2, 5))
