# ops.image.resize and nearest
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)

    def call(self, x):
        x = self.c(x)
        return ops.image.resize(x, (7, 9)), ops.image.resize(x, (8, 6), interpolation='nearest')


model = Net()
model(keras.Input((6, 5, 3)))
