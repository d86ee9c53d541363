# Paddings that an argument gives, in whatever form Keras takes them.
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, filters, kernel_size, padding=0):
        super().__init__()
        self.pad = layers.ZeroPadding2D(padding)
        self.conv = layers.Conv2D(filters, kernel_size)

    def call(self, x):
        return self.conv(self.pad(x))


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.one = Block(4, 1)
        self.wide = Block(4, (1, 7), padding=(0, 3))
        self.high = Block(4, (7, 1), padding=(3, 0))
        self.all = Block(4, 3, padding=((0, 1), (2, 1)))
        self.even = Block(4, 3, padding=1)

    def call(self, x):
        return self.even(self.all(self.high(self.wide(self.one(x)))))


model = Net()
model.build((None, 12, 10, 3))
