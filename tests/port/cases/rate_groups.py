"""The rate of an optimizer, read and set through its groups of parameters."""

import torch
from torch import nn

net = nn.Linear(4, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)


def slower(optimizer, factor, least):
    for group in optimizer.param_groups:
        group["lr"] = max(group["lr"] * factor, least)


for epoch in range(3):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(torch.ones(3, 4)), torch.zeros(3, 2))
    loss.backward()
    optimizer.step()
    slower(optimizer, 0.5, 0.03)
    print(optimizer.param_groups[0]["lr"])
