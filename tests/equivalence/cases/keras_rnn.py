# Recurrent layers of every kind of result
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.LSTM(6, return_sequences=True)
        self.b = layers.LSTM(5)
        self.g = layers.GRU(4, return_sequences=True)
        self.s = layers.SimpleRNN(3)
        self.r = layers.SimpleRNN(3, activation='relu')

    def call(self, x):
        x = self.a(x)
        return self.b(x), self.s(self.g(x)), self.r(x)


model = Net()
model(keras.Input((7, 4)))
