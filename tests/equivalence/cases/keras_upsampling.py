# UpSampling layers
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.UpSampling2D()
        self.b = layers.UpSampling2D((2, 3), interpolation='bilinear')
        self.c = layers.UpSampling1D(3)
        self.r = layers.Resizing(9, 7)
        self.n = layers.Resizing(9, 7, interpolation='nearest')

    def call(self, x):
        return self.a(x), self.b(x), self.c(x[:, 0]), self.r(x), self.n(x)


model = Net()
model(keras.Input((6, 5, 3)))
