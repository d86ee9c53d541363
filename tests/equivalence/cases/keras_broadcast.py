# Broadcasting against images
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)
        self.d = layers.Dense(4)

    def call(self, x):
        x = self.c(x)
        s = ops.mean(x, axis=[1, 2])
        s = self.d(s)
        return x * s[:, None, None, :], x + ops.reshape(s, (-1, 1, 1, 4)), x - ops.mean(x, axis=-1, keepdims=True)


model = Net()
model(keras.Input((6, 5, 3)))
