# A pass that computes its loss where it is given targets
import torch
from torch import nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x, scale):
        logits = self.fc(x)
        B, T, C = logits.shape
        targets = (scale > 0.5).long()
        loss = F.cross_entropy(logits.view(B * T, C), targets.view(B * T))
        return logits, loss


net = Net()
logits, loss = net(torch.zeros(2, 5, 4), torch.zeros(2, 5))
