# Conv1D: causal, same, dilated
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Conv1D(6, 3, padding='causal', dilation_rate=2)
        self.b = layers.Conv1D(4, 4, padding='same', activation='tanh')
        self.c = layers.Conv1D(4, 3, strides=2, padding='same')

    def call(self, x):
        return self.c(self.b(self.a(x)))


model = Net()
model(keras.Input((9, 4)))
