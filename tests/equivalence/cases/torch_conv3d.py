# Conv3d, BatchNorm3d, pooling
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv3d(2, 4, (3, 3, 2), padding=(1, 0, 1), stride=(1, 2, 1))
        self.b = nn.BatchNorm3d(4)
        self.p = nn.AdaptiveAvgPool3d((1, 1, 1))
        self.f = nn.Linear(4, 2)

    def forward(self, x):
        x = torch.relu(self.b(self.c(x)))
        return self.f(self.p(x).flatten(1)), x.permute(0, 2, 1, 3, 4)


model = Net()
model(torch.randn(2, 2, 5, 7, 6))
