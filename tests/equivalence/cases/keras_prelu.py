# PReLU with shared axes
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.PReLU(shared_axes=[1, 2])
        self.b = layers.PReLU(shared_axes=[1, 2, 3])

    def call(self, x):
        return self.b(self.a(x))


model = Net()
model(keras.Input((5, 4, 3)))
