# return_state and initial_state
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.LSTM(6, return_state=True)
        self.b = layers.LSTM(6, return_sequences=True)
        self.g = layers.GRU(6, return_sequences=True, return_state=True)

    def call(self, x):
        y, h, c = self.a(x)
        z = self.b(x, initial_state=[h, c])
        s, t = self.g(z)
        return y, z, s, t


model = Net()
model(keras.Input((7, 4)))
