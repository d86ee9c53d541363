# Ported from flatten_order.py (PyTorch) to Keras by Portolan.
# Input: Digits.x=B,28,28,1
"""Decision "flatten-order": a flatten merges the channel axis, so the order of its features changes.

`source` keeps the order with a permutation, so that weights are interchangeable; `target` saves that
operation, and the weights of the next layer are reordered instead.
"""

import keras
from keras import layers, ops


class Digits(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 5)
        self.pool = layers.MaxPooling2D()
        self.fc = layers.Dense(10)
        self.flatten = layers.Flatten()

    def call(self, x):
        x = self.pool(ops.relu(self.conv(x)))
        return self.fc(self.flatten(ops.transpose(x, (0, 3, 1, 2))))


if __name__ == "__main__":
    print(
        ops.shape(
            Digits()(ops.transpose(keras.random.normal((2, 1, 28, 28)), (0, 2, 3, 1)))
        )
    )
