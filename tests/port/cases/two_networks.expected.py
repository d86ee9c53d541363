# Ported from two_networks.py (PyTorch) to Keras by Portolan.
# Input: Net.x=B,8,8,3
import keras
from keras import layers, ops


# Two networks of one class that take the same: the header says so once.


class Net(keras.Model):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(width, 3)

    def call(self, x):
        return self.conv(x)


small, large = Net(4), Net(8)
small(ops.transpose(keras.random.normal((1, 3, 8, 8)), (0, 2, 3, 1)))
large(ops.transpose(keras.random.normal((1, 3, 8, 8)), (0, 2, 3, 1)))
