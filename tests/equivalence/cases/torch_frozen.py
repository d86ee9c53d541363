# Frozen modules, weight by weight and as a whole
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.head = nn.Linear(8, 2)
        for p in self.body.parameters():
            p.requires_grad = False

    def forward(self, x):
        return self.head(self.body(x))


net = Net()
for param in net.body.parameters():
    param.requires_grad = False
net.head.requires_grad_(False)
net(torch.zeros(2, 4))
