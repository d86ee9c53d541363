# Tensors of a size that are filled afterwards, and tensors of given numbers, by the same names.
import torch
import torch.nn as nn


class N(nn.Module):
    def forward(self, x):
        n = torch.FloatTensor(x.size()).fill_(0.0)
        m = torch.Tensor(x.shape[0], 3).zero_()
        k = torch.FloatTensor([1, 2, 3])
        return x + n + m + k


N()(torch.randn(1, 3))
