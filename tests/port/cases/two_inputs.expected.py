# Ported from two_inputs.py (Keras) to PyTorch by Portolan.
# Input: D.inp=B,3,8,8
# Input: D.tar=B,3,8,8
import torch
from torch import nn


class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(6, 3, 3, padding="same")
    def forward(self, inp, tar):
        x = torch.cat([inp, tar], dim=1)
        return self.c(x)
d = D()
d(
    torch.zeros(1, 8, 8, 3).permute(0, 3, 1, 2),
    torch.zeros(1, 8, 8, 3).permute(0, 3, 1, 2),
)
def step(a, b):
    o = d(
        torch.as_tensor(a, dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(b, dtype=torch.float32).permute(0, 3, 1, 2),
    )
    p = d(torch.as_tensor(a, dtype=torch.float32).permute(0, 3, 1, 2), o)
    return o
