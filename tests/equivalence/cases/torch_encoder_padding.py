import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, d=8, heads=2, layers=2):
        super().__init__()
        layer = nn.TransformerEncoderLayer(d, heads, dim_feedforward=16, dropout=0.1, activation=F.gelu, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, num_layers=layers, enable_nested_tensor=False)
        self.pool = nn.AdaptiveAvgPool1d(1)
        self.fc = nn.Linear(d, 3)

    def forward(self, x, pad=None):
        h = self.enc(x, src_key_padding_mask=pad)
        h = self.pool(h.transpose(1, 2)).squeeze(-1)
        return self.fc(h)


net = Net()
y = net(torch.randn(2, 5, 8))
