# Tensors made of numbers, arrays and lists, as they meet images.
import numpy as np
import torch
from torch import nn

MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))
        self.rgb_mean = torch.Tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1)
        self.scale = torch.from_numpy(MEAN).reshape(1, 3, 1, 1)

    def forward(self, x):
        x = (x - torch.tensor(MEAN).view(1, 3, 1, 1)) / self.std
        x = x - self.rgb_mean.to(x.device)
        x = x * self.scale
        return self.conv(x).mean(dim=[2, 3])


net = Net()
net(torch.randn(2, 3, 8, 8))
