# padding='same' with strides
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Conv2D(4, 3, strides=2, padding='same', activation='relu')
        self.b = layers.Conv2D(5, (5, 2), strides=(3, 1), padding='same')
        self.c = layers.DepthwiseConv2D(3, strides=2, padding='same')

    def call(self, x):
        return self.b(self.a(x)), self.c(x)


model = Net()
model(keras.Input((11, 8, 3)))
