# Shapes taken apart
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)
        self.d = layers.Dense(5)

    def call(self, x):
        x = self.c(x)
        b, h, w, c = ops.shape(x)
        y = ops.reshape(x, (b, h * w, c))
        z = ops.transpose(x, (0, 3, 1, 2))
        u = ops.reshape(x, (-1, h * w * c))
        return self.d(y), z, u, ops.swapaxes(x, 1, 2)


model = Net()
model(keras.Input((6, 5, 3)))
