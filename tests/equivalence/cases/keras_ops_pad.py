# ops.pad of every mode
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)

    def call(self, x):
        x = self.c(x)
        a = ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]])
        b = ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], mode='reflect')
        c = ops.pad(x, [[0, 0], [1, 2], [1, 1], [0, 0]], mode='symmetric')
        d = ops.pad(x, ((0, 0), (0, 0), (0, 0), (1, 2)), constant_values=1.5)
        return a, b, c, d


model = Net()
model(keras.Input((6, 5, 3)))
