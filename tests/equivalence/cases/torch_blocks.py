import torch
from torch import nn
import torch.nn.functional as F


class AdaIN(nn.Module):
    def __init__(self, style_dim, n):
        super().__init__()
        self.fc = nn.Linear(style_dim, n * 2)

    def forward(self, x, s):
        h = self.fc(s)
        h = h.view(h.size(0), h.size(1), 1, 1)
        gamma, beta = torch.chunk(h, 2, dim=1)
        return (1 + gamma) * F.instance_norm(x) + beta


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.ada = AdaIN(5, 8)
        self.unfold = nn.Unfold(kernel_size=2, stride=2)
        self.proj = nn.Linear(32, 32)
        self.g = nn.Parameter(torch.ones(8))

    def forward(self, x, s):
        x = self.ada(self.conv(x), s)
        x = F.group_norm(x, 2, self.g, self.g)
        u = self.unfold(x).transpose(1, 2)
        u = self.proj(u).transpose(1, 2)
        y = F.fold(u, (8, 8), 2, stride=2)
        return y + F.unfold(x, 3, padding=1).view(2, 8, 9, 8, 8).sum(2)


net = Net()
y = net(torch.randn(2, 3, 8, 8), torch.randn(2, 5))
