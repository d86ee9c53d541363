# MultiHeadAttention
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.MultiHeadAttention(2, 4)
        self.n = layers.LayerNormalization()

    def call(self, x):
        y = self.n(x + self.a(x, x))
        z = self.a(y, x, use_causal_mask=False)
        w, s = self.a(y, y, return_attention_scores=True)
        return z, w, s


model = Net()
model(keras.Input((5, 8)))
