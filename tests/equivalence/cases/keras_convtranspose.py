# Transposed convolutions of every padding
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Conv2DTranspose(6, 3, strides=2, padding='same', activation='relu')
        self.b = layers.Conv2DTranspose(4, 4, strides=2, padding='same')
        self.c = layers.Conv2DTranspose(3, 2, strides=3)
        self.d = layers.Conv2DTranspose(3, 3, strides=2, padding='valid', output_padding=1)
        self.e = layers.Conv1DTranspose(3, 5, strides=2, padding='same')

    def call(self, x):
        y = self.b(self.a(x))
        return y, self.c(x), self.d(x), self.e(x[:, 0])


model = Net()
model(keras.Input((5, 4, 3)))
