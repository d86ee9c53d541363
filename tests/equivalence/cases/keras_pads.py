# Padding and cropping layers
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.ZeroPadding2D(((1, 2), (0, 3)))
        self.b = layers.ZeroPadding2D((2, 1))
        self.c = layers.Cropping2D(((1, 0), (2, 1)))
        self.d = layers.ZeroPadding1D((1, 2))
        self.e = layers.Cropping1D(1)

    def call(self, x):
        y = self.c(self.b(self.a(x)))
        return y, self.e(self.d(x[:, 0]))


model = Net()
model(keras.Input((6, 5, 3)))
