# Ported from blind_axes.py (PyTorch) to Keras by Portolan.
# Input: N.x=B,8,8,3
import collections
import keras
from keras import layers, ops
ValuesAndIndices = collections.namedtuple("ValuesAndIndices", "values indices")


def max_with_index(x, axis, keepdims=False):
    """The largest values along an axis, and where they are."""
    return ValuesAndIndices(
        ops.max(x, axis=axis, keepdims=keepdims),
        ops.argmax(x, axis=axis, keepdims=keepdims),
    )


# Axes in code that nothing runs: an image where a convolution takes it, else nobody knows which axis is meant.


class N(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.c = layers.Conv2D(4, 3)

    def call(self, x):
        return self.c(x)

    def probs(self, x, k):
        y = ops.softmax(self.c(x), axis=3)
        z = ops.concatenate([y, k], axis=3)
        # PORT: an axis of a tensor whose rank is not known
        #     return z.sum(dim=1), z.max(1)
        raise NotImplementedError("an axis of a tensor whose rank is not known")

    def part(self, k):
        first = k[0]
        # PORT: an axis of a tensor whose rank is not known
        #     return k[:, 0] + first, k.reshape(-1, 4)
        raise NotImplementedError("an axis of a tensor whose rank is not known")


def g(x):
    # PORT: an axis of a tensor whose rank is not known
    #     return torch.softmax(x, dim=1)
    raise NotImplementedError("an axis of a tensor whose rank is not known")


def h(x, n):
    for i in range(n):
        x = mystery(x)
    # PORT: an axis of a tensor whose rank is not known
    #     return torch.softmax(x, dim=1), x.mean(dim=(2, 3))
    raise NotImplementedError("an axis of a tensor whose rank is not known")


N()(ops.transpose(keras.random.normal((1, 3, 8, 8)), (0, 2, 3, 1)))
