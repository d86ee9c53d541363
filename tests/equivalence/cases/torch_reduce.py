# Reductions over axes of images
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        x = self.c(x)
        return x.mean([2, 3]), x.mean(1), x.sum(dim=-1), x.amax((2, 3)), x.amin(1, keepdim=True), x.std(1), x.var(dim=(2, 3), unbiased=False), torch.std(x, dim=1, keepdim=True), x.mean(), torch.logsumexp(x, 1), x.prod(1), torch.norm(x, dim=1), x.norm(p=1, dim=-1)


model = Net()
model(torch.randn(2, 3, 6, 5))
