# Indexing and item choice
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(6, 3)

    def call(self, x):
        x = self.c(x)
        return x[..., 0], x[:, 1:3], x[:, ::2, ::2, :], x[:, -1], x[:, 0, 0], x[..., None], x[:, None], ops.take(x, [2, 0], axis=-1), ops.expand_dims(x, 1), ops.squeeze(x[:, :1], 1)


model = Net()
model(keras.Input((6, 5, 3)))
