# Layer normalisation over another axis than the last
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.l = layers.LayerNormalization(axis=1)

    def call(self, x):
        return self.l(x)


model = Net()
model(keras.Input((7, 6)))
