# Layers under weight_norm and spectral_norm, and weights that a loop over the state fills.
import torch
from torch import nn
from torch.nn import init
from torch.nn.utils import spectral_norm, weight_norm


class Block(nn.Module):
    def __init__(self, cin, cout, dilation):
        super().__init__()
        pad = 2 * dilation
        self.conv = weight_norm(nn.Conv1d(cin, cout, 3, padding=pad, dilation=dilation))
        self.down = spectral_norm(nn.Conv1d(cin, cout, 1)) if cin != cout else None
        self.chomp = pad

    def forward(self, x):
        out = torch.relu(self.conv(x)[:, :, : -self.chomp].contiguous())
        return out + (x if self.down is None else self.down(x))


class Net(nn.Module):
    def __init__(self, widths=(6, 8, 8)):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(a, b, 2 ** i) for i, (a, b) in enumerate(zip(widths, widths[1:]))])
        self.head = torch.nn.utils.parametrizations.weight_norm(nn.Linear(widths[-1], 4))
        for key in self.state_dict():
            if key.endswith("bias"):
                self.state_dict()[key][...] = 0
            elif "head" in key:
                init.normal_(self.state_dict()[key])

    def forward(self, x):
        return self.head(self.blocks(x).mean(dim=2))


net = nn.DataParallel(Net())
net(torch.randn(2, 6, 20))
