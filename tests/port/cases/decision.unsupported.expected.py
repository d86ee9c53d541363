# Ported from unsupported.py (PyTorch) to Keras by Portolan.
# Input: Compact.x=B,20
"""Decision "unsupported": a layer that no rule knows, in the middle of a network.

The port of everything else is written; in this layer's place stands a stub of the same signature that
raises when it is reached, until somebody answers with code or with another kind.
"""

import keras
from keras import layers, ops


def flatten(x, start_dim=0, end_dim=-1):
    """Joins neighbouring axes."""
    rank = len(x.shape)
    shape = ops.shape(x)
    first, last = start_dim % rank, end_dim % rank
    if first == 0 or all(isinstance(n, int) for n in shape[:first] + shape[last + 1 :]):
        return ops.reshape(x, (*shape[:first], -1, *shape[last + 1 :]))
    size = 1
    for n in shape[first : last + 1]:
        size = size * n
    outer = [-1 if n is None else n for n in (*shape[:first], *shape[last + 1 :])]
    return ops.reshape(x, (*outer[:first], size, *outer[first:]))


class Unported(layers.Layer):
    """Stands where nothing could be ported; raises when it is reached."""

    def __init__(self, what, **kwargs):
        super().__init__(**kwargs)
        self.what = what

    def call(self, *inputs, **kwargs):
        raise NotImplementedError(self.what)


class Compact(keras.Model):
    def __init__(self, classes=5, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(16)
        self.shrink = Unported("torch.nn.FractionalMaxPool2d has no counterpart")  # PORT: torch.nn.FractionalMaxPool2d has no counterpart
        self.output_layer = layers.Dense(classes)

    def call(self, x):
        x = ops.reshape(ops.relu(self.hidden(x)), (-1, 1, 4, 4))
        x = self.shrink(x)
        return self.output_layer(flatten(x, 1))


if __name__ == "__main__":
    print(Compact()(keras.random.normal((2, 20))).shape)
