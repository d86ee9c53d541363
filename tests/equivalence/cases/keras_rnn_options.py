# Recurrent layers with options that PyTorch has not
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.GRU(4, reset_after=False, return_sequences=True)
        self.b = layers.LSTM(5, activation='relu', recurrent_activation='hard_sigmoid', return_sequences=True)
        self.c = layers.LSTM(3, go_backwards=True, use_bias=False)
        self.d = layers.GRU(3, go_backwards=True, return_sequences=True)

    def call(self, x):
        x = self.b(self.a(x))
        return self.c(x), self.d(x)


model = Net()
model(keras.Input((7, 4)))
