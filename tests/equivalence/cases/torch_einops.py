# einops: functions and layers, on images and on sequences.
import torch
from einops import rearrange, reduce, repeat
from einops.layers.torch import Rearrange, Reduce
from torch import nn


class Net(nn.Module):
    def __init__(self, patch=4, heads=2):
        super().__init__()
        self.heads = heads
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.patches = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=patch, p2=patch), nn.Linear(patch * patch * 8, 16)
        )
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.qkv = nn.Linear(16, 48)
        self.pool = Reduce("b n d -> b d", "mean")
        self.head = nn.Linear(16 + 8, 5)

    def forward(self, x):
        x = torch.relu(self.stem(x))
        channels = reduce(x, "b c h w -> b c", "max")
        y = self.patches(x)
        token = repeat(self.token, "1 1 d -> b 1 d", b=y.shape[0])
        y = torch.cat((token, y), dim=1)
        q, k, v = (rearrange(t, "b n (h d) -> b h n d", h=self.heads) for t in self.qkv(y).chunk(3, dim=-1))
        y = torch.softmax(q @ k.transpose(-1, -2) / 4, dim=-1) @ v
        y = self.pool(rearrange(y, "b h n d -> b n (h d)"))
        return self.head(torch.cat([y, channels], dim=1))


net = Net()
net(torch.randn(2, 3, 8, 12))
