# Calls that no traced network runs: bounds and data that only a running program knows.
import numpy as np
import torch
import torch.nn as nn


class Policy(nn.Module):
    def forward(self, x):
        return x.relu()


class Learner:
    def __init__(self, clip):
        self.clip = clip
        self.policy = Policy()

    def ratios(self, ratio, bound):
        ratio = torch.clamp(ratio, 1 - self.clip, 1 + self.clip)
        return torch.clamp(ratio, max=bound)


def batch(env):
    noise = torch.FloatTensor(np.random.normal(0, 1, (4, 10)))
    state = torch.FloatTensor(env.reset())
    count = torch.Tensor(np.zeros((2, 3)))
    room = torch.FloatTensor(env.size, 4)
    taken = torch.LongTensor(env.actions)
    return noise, state, count, room, taken


Policy()(torch.randn(1, 3))
