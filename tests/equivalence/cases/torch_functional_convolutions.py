# Convolutions with weights that are tensors: parameters, a fixed kernel for each channel, stride and dilation together.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        k = torch.tensor([[1., 2., 1.], [2., 4., 2.], [1., 2., 1.]]) / 16
        self.register_buffer('blur', k[None, None].repeat(8, 1, 1, 1))
        self.w = nn.Parameter(torch.randn(8, 3, 3, 3) * 0.1)
        self.b = nn.Parameter(torch.zeros(8))
        self.w1 = nn.Parameter(torch.randn(4, 8, 5))

    def forward(self, x):
        x = F.conv2d(x, self.w, self.b, padding=1)
        x = F.conv2d(F.relu(x), self.blur, stride=2, padding=1, groups=8)
        y = F.conv1d(x.flatten(2), self.w1, stride=2, dilation=2)
        return y


net = Net()
print(net(torch.randn(2, 3, 16, 16)).shape)
