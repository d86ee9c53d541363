# Weights are counted where they are trained
import torch
from torch import nn


def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
net(torch.zeros(1, 3))
print(f"{count_parameters(net):,} parameters", sum(p.numel() for p in net.parameters()))
