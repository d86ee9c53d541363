# Pooling with padding='same' of negative values
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)
        self.m = layers.MaxPooling2D(3, strides=2, padding='same')
        self.a = layers.AveragePooling2D(3, strides=2, padding='same')
        self.b = layers.AveragePooling2D(2, padding='same')

    def call(self, x):
        x = self.c(x)
        return self.m(x), self.a(x), self.b(x)


model = Net()
model(keras.Input((9, 10, 3)))
