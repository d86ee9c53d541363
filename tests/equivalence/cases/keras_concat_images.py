# Concatenation of images by layer and by function
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Conv2D(4, 3, padding='same')
        self.b = layers.Conv2D(5, 1)
        self.cat = layers.Concatenate()
        self.c1 = layers.Concatenate(axis=1)

    def call(self, x):
        y = self.cat([self.a(x), self.b(x)])
        z = ops.concatenate([y, y], axis=-1)
        return y, z, self.c1([y, y]), layers.concatenate([x, y])


model = Net()
model(keras.Input((6, 5, 3)))
