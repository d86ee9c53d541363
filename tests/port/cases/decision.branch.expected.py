# Ported from branch.py (PyTorch) to Keras by Portolan.
# Input: Gated.x=B,8
"""Decision "branch": a condition that depends on the values of a tensor.

Both arms are kept where the target can run them so; else one of them is chosen.
"""

import keras
from keras import layers, ops


class Gated(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.coarse = layers.Dense(4)
        self.fine = layers.Dense(4)

    def call(self, x):
        if ops.mean(x) > 0:
            return self.fine(x)
        return self.coarse(x)


if __name__ == "__main__":
    print(ops.shape(Gated()(keras.random.normal((2, 8)))))
