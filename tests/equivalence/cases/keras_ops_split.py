# split, stack, unstack, tile, repeat
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(6, 3)

    def call(self, x):
        x = self.c(x)
        a, b = ops.split(x, 2, axis=-1)
        c, d, e = ops.split(x, [1, 3], axis=3)
        s = ops.stack([a, b], axis=-1)
        u, v = ops.unstack(s, axis=4)
        return b, c + ops.mean(d, axis=-1, keepdims=True), e, s, u - v, ops.tile(x, (1, 1, 2, 1)), ops.repeat(x, 2, axis=-1)


model = Net()
model(keras.Input((6, 5, 3)))
