# Tests that are settled by the change of framework, Variables, and chance of Python's own.
import random

import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import Variable


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 5)
        self.out = nn.Linear(5, 4)
        if torch.cuda.is_available():
            self.fc = self.fc.cuda()

    def forward(self, x, share=0.5):
        shift = Variable(torch.ones(x.size(0), 6))
        if x.is_cuda:
            shift = shift.cuda()
        else:
            shift = shift * 2
        x = F.relu(self.fc(x + shift))
        for _ in range(3):
            x = x * 2 if random.random() < share else x + 1
        assert not (x != x).any()
        return self.out(x)


net = Net()
net(torch.randn(3, 6))
