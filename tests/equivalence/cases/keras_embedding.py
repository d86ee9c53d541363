# Embedding with mask_zero behind pooling of steps
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.e = layers.Embedding(10, 6, mask_zero=True)
        self.l = layers.LSTM(4)

    def call(self, x):
        return self.l(self.e(x))


model = Net()
model(keras.Input((7,), dtype="int32"))
