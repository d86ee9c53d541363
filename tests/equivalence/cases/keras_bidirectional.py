# Bidirectional with every merge mode
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Bidirectional(layers.LSTM(4, return_sequences=True))
        self.b = layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode='sum')
        self.c = layers.Bidirectional(layers.LSTM(3), merge_mode='ave')
        self.d = layers.Bidirectional(layers.SimpleRNN(3), merge_mode='mul')
        self.e = layers.Bidirectional(layers.GRU(3))

    def call(self, x):
        x = self.b(self.a(x))
        return self.c(x), self.d(x), self.e(x)


model = Net()
model(keras.Input((7, 4)))
