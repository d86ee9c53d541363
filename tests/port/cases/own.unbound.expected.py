# Ported from own.unbound.py (PyTorch) to Keras by Portolan.
# Input: Net.x=B,16,16,3
"""An answer that names what nothing in the port binds: the line is marked, and the port is not complete."""

import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(8, 3)
        self.fc = HouseDense(2)  # PORT: nothing here binds HouseDense

    def call(self, x):
        return self.fc(ops.mean(self.conv(x), axis=(1, 2)))


net = Net()
print(ops.shape(net(ops.transpose(keras.random.normal((1, 3, 16, 16)), (0, 2, 3, 1)))))
