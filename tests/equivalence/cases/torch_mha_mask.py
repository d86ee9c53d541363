# Masks of multi-head attention: True means blocked
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.MultiheadAttention(8, 2, batch_first=True)
        self.register_buffer('mask', torch.triu(torch.ones(5, 5, dtype=torch.bool), diagonal=1))

    def forward(self, x):
        y, _ = self.a(x, x, x, attn_mask=self.mask, need_weights=False)
        return y


model = Net()
model(torch.randn(2, 5, 8))
