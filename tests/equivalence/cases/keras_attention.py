# Attention and AdditiveAttention layers
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.Attention()

    def call(self, x):
        return self.a([x, x * 2])


model = Net()
model(keras.Input((5, 8)))
