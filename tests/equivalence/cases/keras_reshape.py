# Reshape, Permute, Flatten, RepeatVector
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.r = layers.Reshape((5, 6, 3))
        self.p = layers.Permute((2, 1, 3))
        self.f = layers.Flatten()
        self.v = layers.RepeatVector(3)
        self.d = layers.Dense(4)
        self.c = layers.Conv2D(4, 3)

    def call(self, x):
        y = self.p(self.r(x))
        z = self.f(self.c(x))
        return y, self.v(self.d(z))


model = Net()
model(keras.Input((6, 5, 3)))
