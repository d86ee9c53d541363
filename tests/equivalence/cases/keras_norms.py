# Normalisations: batch, layer, group
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.b = layers.BatchNormalization()
        self.l = layers.LayerNormalization()
        self.g = layers.GroupNormalization(2)
        self.a = layers.LayerNormalization(axis=[1, 2, 3], epsilon=1e-5)
        self.n = layers.BatchNormalization(center=False, scale=False)

    def call(self, x):
        x = self.b(x)
        x = self.l(x)
        x = self.g(x) + self.n(x)
        return self.a(x)


model = Net()
model(keras.Input((6, 5, 4)))
