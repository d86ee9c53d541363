# Embeddings, with padding_idx
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(10, 6, padding_idx=0)
        self.f = nn.Linear(6, 2)

    def forward(self, x):
        return self.f(self.e(x).mean(1))


model = Net()
model(torch.randint(0, 10, (2, 7)))
