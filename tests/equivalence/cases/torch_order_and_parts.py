import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.w = nn.Parameter(torch.randn(8))
        self.cos = nn.CosineSimilarity(dim=-1)
        self.dist = nn.PairwiseDistance(p=2)

    def forward(self, x, m):
        h = self.fc(x)
        v, i = torch.sort(h, dim=1, descending=True)
        w = h.sort(dim=-1)[0]
        a = torch.argsort(h, dim=1).float()
        c = torch.cumprod(h, dim=1)
        d = torch.diff(h, dim=1)
        grid = torch.linspace(0, 1, 8)
        gy, gx = torch.meshgrid(grid, torch.arange(8).float(), indexing="ij")
        o = torch.outer(self.w, grid) + gy * gx
        n = torch.movedim(m, 1, -1).sum((1, 2))
        win = h.unfold(1, 4, 2).mean(-1)
        nar = h.narrow(1, 2, 3)
        ln = F.layer_norm(h, (8,), self.w, self.w)
        l = torch.lerp(h, ln, 0.3)
        am = torch.addmm(self.w, h, o)
        cd = torch.cdist(h, ln)
        at = torch.atan2(h, ln)
        flag = (h > 0).any(dim=1).float() + (h > -5).all(dim=1, keepdim=True).float().squeeze(1)
        t = torch.diagonal(m, 0, 1, 2).sum(-1) + torch.trace(o)
        s = self.cos(h, ln) + self.dist(h, am)
        ac = torch.addcmul(h, ln, at, value=0.5)
        return torch.cat([v, w, a, c, d, n, win, nar, l, am, cd, at, flag[:, None], t, s[:, None], ac, i.float()], 1)


if __name__ == "__main__":
    net = Net()
    print(net(torch.randn(4, 8), torch.randn(4, 5, 5, 6)).shape)
