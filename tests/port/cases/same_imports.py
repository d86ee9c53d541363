"""Within a framework: annotations, and packages that the framework's table has no word for, keep their imports."""

from typing import Optional

import torch
import torchvision
from torch import Tensor, nn
from torchvision import transforms as T


class Net(nn.Module):
    def __init__(self, scale: Optional[Tensor] = None) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


def data(root):
    steps = T.Compose([T.ToTensor(), T.Normalize((0.5,), (0.5,))])
    return torchvision.datasets.MNIST(root, transform=steps)


print(Net()(torch.zeros(1, 3, 8, 8)).shape)
