"""An answer that names what nothing in the port binds: the line is marked, and the port is not complete."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))


net = Net()
print(net(torch.randn(1, 3, 16, 16)).shape)
