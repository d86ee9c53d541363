# scatter, values under a mask, weights that are filled later, pieces whose size differs between layers.
import torch
from torch import nn
from torch.nn import Parameter
import torch.nn.functional as F


class Gates(nn.Module):
    def __init__(self, cin, hidden):
        super().__init__()
        self.hidden = hidden
        self.conv = nn.Conv2d(cin, 3 * hidden, 3, padding=1)

    def forward(self, x):
        i, f, g = torch.split(self.conv(x), self.hidden, dim=1)
        return torch.sigmoid(i) * torch.tanh(g) + f


class Margin(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.weight = Parameter(torch.FloatTensor(classes, features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x, label):
        cosine = F.linear(F.normalize(x), F.normalize(self.weight))
        one_hot = torch.zeros(cosine.size())
        one_hot.scatter_(1, label.view(-1, 1).long(), 1)
        counts = torch.zeros(x.size(0), 3).scatter_add(1, (label.view(-1, 1) % 3).long(), cosine[:, :1])
        low = cosine * 2
        low[low < 0.1] = -1.0
        return one_hot * cosine + (1.0 - one_hot) * low, counts


class Net(nn.Module):
    def __init__(self, widths=(3, 8, 6)):
        super().__init__()
        self.gates = nn.ModuleList([Gates(a, b) for a, b in zip(widths, widths[1:])])
        self.margin = Margin(widths[-1], 5)

    def forward(self, x, label):
        for gate in self.gates:
            x = gate(x)
        return self.margin(x.mean((2, 3)), label)


net = Net()
out = net(torch.randn(4, 3, 6, 8), torch.randint(0, 5, (4,)))
