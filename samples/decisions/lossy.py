"""Decision "lossy": the nearest counterpart computes something else.

A Keras GRU with reset_after=False resets before its matrix product, which PyTorch's GRU never does. The
nearest one is taken only when somebody says so.
"""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Tagger(keras.Model):
    def __init__(self, tags=7):
        super().__init__()
        self.gru = layers.GRU(16, reset_after=False, return_sequences=True)
        self.tag = layers.Dense(tags)

    def call(self, x):
        return self.tag(self.gru(x))


if __name__ == "__main__":
    model = Tagger()
    print(model(tf.zeros((2, 10, 6))).shape)
