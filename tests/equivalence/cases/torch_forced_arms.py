# An arm that the traced call does not take leaves its tensor in the order that what follows expects.
# compared as: Net(transform_input=True, swap=True), of 2,3,8,10
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, transform_input=False, swap=False):
        super().__init__()
        self.transform_input = transform_input
        self.swap = swap
        self.conv = nn.Conv2d(3, 6, 3, padding=1)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        if self.transform_input:
            x0 = torch.unsqueeze(x[:, 0], 1) * 0.45 - 0.03
            x1 = torch.unsqueeze(x[:, 1], 1) * 0.44 - 0.08
            x2 = torch.unsqueeze(x[:, 2], 1) * 0.45 - 0.18
            x = torch.cat((x0, x1, x2), 1)
        x = F.relu(self.conv(x))
        if self.swap:
            a, b = x.chunk(2, 1)
            x = torch.cat([b, a], dim=1)
        return self.head(x.mean((2, 3)))


plain = Net()
y = plain(torch.randn(2, 3, 8, 10))
