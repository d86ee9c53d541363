# Ported from channel_order.py (PyTorch) to Keras by Portolan.
# Input: Denoiser.x=B,3,32,32
"""Decision "channel-order": PyTorch lays images out as N, C, H, W; Keras as N, H, W, C.

`native` gives the target its own order, `same-input` keeps the arrays that the source takes, and
`channels-first` reorders nothing anywhere.
"""

import keras
from keras import layers, ops


class Denoiser(keras.Model):
    def __init__(self, channels=3, width=16, **kwargs):
        super().__init__(**kwargs)
        self.encode = layers.Conv2D(width, 3, padding="same")
        self.norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
        self.decode = layers.Conv2D(channels, 3, padding="same")

    def call(self, x, training=None):
        return x - self.decode(ops.relu(self.norm(self.encode(x), training=training)))


if __name__ == "__main__":
    model = Denoiser()
    print(
        (
            ops.shape(model(keras.random.normal((2, 3, 32, 32))))[0],
            model(keras.random.normal((2, 3, 32, 32))).shape[3],
            model(keras.random.normal((2, 3, 32, 32))).shape[1],
            model(keras.random.normal((2, 3, 32, 32))).shape[2],
        )
    )
