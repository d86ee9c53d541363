# Separable and depthwise convolutions
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.SeparableConv2D(6, 3, depth_multiplier=2, padding='same', activation='relu')
        self.b = layers.SeparableConv2D(5, 3, strides=2, padding='same')
        self.c = layers.DepthwiseConv2D(3, depth_multiplier=2, activation='relu')
        self.d = layers.SeparableConv1D(4, 3)

    def call(self, x):
        y = self.a(x)
        return self.b(y), self.c(y), self.d(x[:, 0])


model = Net()
model(keras.Input((8, 7, 3)))
