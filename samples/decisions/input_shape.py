"""Decision "input-shape": nothing in this file says how large an image is.

Portolan asks for the shape (or takes --shape) where it needs a size: the first dense layer's number of
inputs depends on it.
"""

from tensorflow import keras
from tensorflow.keras import layers


class SmallNet(keras.Model):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv = layers.Conv2D(8, 3, activation="relu")
        self.pool = layers.MaxPooling2D(2)
        self.flatten = layers.Flatten()
        self.dense = layers.Dense(num_classes)

    def call(self, x):
        return self.dense(self.flatten(self.pool(self.conv(x))))
