# Normalisation of vectors and sequences
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.b = layers.BatchNormalization(momentum=0.9)
        self.c = layers.BatchNormalization()
        self.l = layers.LayerNormalization(epsilon=1e-6)
        self.r = layers.RMSNormalization()
        self.u = layers.UnitNormalization()

    def call(self, x):
        y = self.b(x)
        y = self.r(self.l(y))
        return y, self.c(x[:, 0]), self.u(y)


model = Net()
model(keras.Input((7, 6)))
