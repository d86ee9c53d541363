# Ported from unrun_calls.py (PyTorch) to Keras by Portolan.
# Input: Policy.x=B,3
# Calls that no traced network runs: bounds and data that only a running program knows.
import numpy as np
import keras
from keras import ops


class Policy(keras.Model):
    def call(self, x):
        return ops.relu(x)


class Learner:
    def __init__(self, clip):
        self.clip = clip
        self.policy = Policy()

    def ratios(self, ratio, bound):
        ratio = ops.clip(ratio, 1 - self.clip, 1 + self.clip)
        return ops.minimum(ratio, bound)


def batch(env):
    noise = ops.convert_to_tensor(np.random.normal(0, 1, (4, 10)), dtype="float32")
    state = ops.convert_to_tensor(env.reset(), dtype="float32")
    count = ops.convert_to_tensor(np.zeros((2, 3)), dtype="float32")
    room = ops.zeros((env.size, 4))
    taken = ops.convert_to_tensor(env.actions, dtype="int64")
    return noise, state, count, room, taken


Policy()(keras.random.normal((1, 3)))
