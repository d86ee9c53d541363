# Ported from one_output.py (Keras) to PyTorch by Portolan.
# Input: M.j=B,3
import numpy as np
import torch
from torch import nn


def predict_batches(model, inputs, batch_size=32):
    """What the model gives for all inputs, as one array."""
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part) for part in inputs.split(batch_size)]).numpy()


class Enc(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(3, 2)

    def forward(self, i):
        return self.dense(i)


enc = Enc()


class M(nn.Module):
    def __init__(self, enc):
        super().__init__()
        self.enc = enc
        self.dense = nn.Linear(2, 4)

    def forward(self, j):
        return self.dense(self.enc(j))


m = M(enc)
predict_batches(m, torch.as_tensor(np.zeros((1, 3)), dtype=torch.float32))
