# einsum and matrix products
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Linear(6, 6)

    def forward(self, x):
        y = self.f(x)
        a = torch.einsum('bij,bkj->bik', x, y)
        b = torch.bmm(x, y.transpose(1, 2))
        c = x @ y.mT
        d = torch.matmul(a, y)
        return a, b, c, d, a.softmax(-1) @ y


model = Net()
model(torch.randn(2, 5, 6))
