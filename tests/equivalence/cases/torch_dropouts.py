# Dropout variants
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3)
        self.a = nn.Dropout2d(0.3)
        self.b = nn.AlphaDropout(0.2)
        self.d = nn.Dropout(0.4)
        self.e = nn.FeatureAlphaDropout(0.2)

    def forward(self, x):
        x = self.a(self.c(x))
        x = F.dropout(x, 0.5, training=self.training)
        x = F.dropout2d(x, 0.1, self.training)
        return self.d(self.b(x))


model = Net()
model(torch.randn(2, 3, 6, 5))
