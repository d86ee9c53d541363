# A check of the shape has no place in a constructor, one of the layer's own arguments has.
from tensorflow import keras
from tensorflow.keras import layers


class D(layers.Layer):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def build(self, input_shape):
        assert len(input_shape) == 2
        if self.n < 1:
            raise ValueError("n")
        self.w = self.add_weight(shape=(input_shape[-1], self.n))

    def call(self, x):
        return x @ self.w


i = keras.Input((4,))
m = keras.Model(i, D(3)(i))
