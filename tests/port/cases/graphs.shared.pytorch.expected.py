# Ported from keras_graphs_shared.py (Keras) to PyTorch by Portolan.
# Input: Actor.obs=B,8
# Input: Critic.obs=B,8
# Input: Policy.obs=B,8
from torch import nn


# Three networks over the same layers


class Actor(nn.Module):
    def __init__(self, obs_shape, dense, dense_1, dense_2):
        super().__init__()
        self.dense = dense
        self.dense_1 = dense_1
        self.dense_2 = dense_2

    def forward(self, obs):
        h = self.dense(obs)
        h = self.dense_1(h)
        probs = self.dense_2(h)
        return probs


class Critic(nn.Module):
    def __init__(self, obs_shape, dense, dense_1, dense_3):
        super().__init__()
        self.dense = dense
        self.dense_1 = dense_1
        self.dense_3 = dense_3

    def forward(self, obs):
        h = self.dense(obs)
        h = self.dense_1(h)
        value = self.dense_3(h)
        return value


class Policy(nn.Module):
    def __init__(self, obs_shape, dense, dense_1, dense_2, dense_3):
        super().__init__()
        self.dense = dense
        self.dense_1 = dense_1
        self.dense_2 = dense_2
        self.dense_3 = dense_3

    def forward(self, obs):
        h = self.dense(obs)
        h = self.dense_1(h)
        probs = self.dense_2(h)
        value = self.dense_3(h)
        return [probs, value]


def build_actor_critic(obs_shape, n_actions, hidden=32):
    dense = nn.Sequential(nn.Linear(8, hidden), nn.ReLU())
    dense_1 = nn.Sequential(nn.Linear(hidden, hidden), nn.ReLU())
    dense_2 = nn.Sequential(nn.Linear(hidden, n_actions), nn.Softmax(dim=-1))
    dense_3 = nn.Linear(hidden, 1)
    actor = Actor(obs_shape, dense, dense_1, dense_2)
    critic = Critic(obs_shape, dense, dense_1, dense_3)
    policy = Policy(obs_shape, dense, dense_1, dense_2, dense_3)
    return actor, critic, policy


actor, critic, policy = build_actor_critic((8,), 4)
