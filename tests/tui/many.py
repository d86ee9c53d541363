import torch.nn as nn


class Many(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.LazyLinear(8)
        self.b = nn.LazyLinear(8)
        self.c = nn.LazyLinear(8)
        self.d = nn.Threshold(0.1, 20)
        self.e = nn.Threshold(0.1, 20)

    def forward(self, x):
        return self.e(self.d(self.c(self.b(self.a(x)))))
