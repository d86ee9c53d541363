# The axes of reductions, normalisations and softmax
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 8, 3, padding=1)
        self.pr = nn.PReLU(8)
        self.gn = nn.GroupNorm(4, 8)
        self.ln = nn.LayerNorm([8, 10, 12])
        self.inn = nn.InstanceNorm2d(8, affine=True)
        self.sm = nn.Softmax(dim=1)
        self.sm2 = nn.Softmax2d()
        self.ct = nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1)
        self.ps = nn.PixelShuffle(2)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.dw = nn.Conv2d(8, 16, 3, groups=8, padding=2, dilation=2)
        self.fc = nn.Linear(12, 4)
        self.head = nn.Linear(6 * 20 * 4, 5)

    def forward(self, x):
        x = self.ln(self.gn(self.pr(self.c1(x))))
        x = self.inn(x)
        x = x * self.sm(x) + self.sm2(x)
        a = x.mean(dim=(2, 3), keepdim=True)
        m, _ = x.max(dim=1, keepdim=True)
        x = x * torch.sigmoid(a) + m
        s = F.softmax(x, dim=-1) + F.log_softmax(x, 2)
        x = x + s
        y = self.fc(x)
        y = y.transpose(2, 3)
        d = self.dw(x)
        p = self.ps(d)
        x = self.ct(x)
        q = F.interpolate(p, size=(20, 24), mode="nearest")
        x = torch.cat([x, q], 1)
        x = x[:, :6, ::1, 2:6]
        v = F.normalize(x, dim=1)
        x = torch.stack([x, v], dim=1).sum(1)
        n = torch.norm(x, p=2, dim=1, keepdim=True)
        x = x / (n + 1e-3)
        return self.head(x.flatten(1)) + y.reshape(x.size(0), -1).mean(1, keepdim=True)


net = Net()
out = net(torch.randn(2, 3, 10, 12))
