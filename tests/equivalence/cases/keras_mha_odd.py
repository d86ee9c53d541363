# MultiHeadAttention whose heads are not a share of the features
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.MultiHeadAttention(3, 5, use_bias=False)

    def call(self, x):
        return self.a(x, x, use_causal_mask=True)


model = Net()
model(keras.Input((5, 8)))
