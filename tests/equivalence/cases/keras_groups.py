# Grouped convolution
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(8, 3, groups=2, dilation_rate=2)

    def call(self, x):
        return self.c(x)


model = Net()
model(keras.Input((8, 7, 4)))
