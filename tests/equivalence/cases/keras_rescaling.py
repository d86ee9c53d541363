# Rescaling and Normalization layers
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.r = layers.Rescaling(1.0 / 255, offset=-1.0)
        self.n = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0])

    def call(self, x):
        return self.n(self.r(x))


model = Net()
model(keras.Input((6, 5, 3)))
