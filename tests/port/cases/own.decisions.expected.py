# Ported from own.decisions.py (PyTorch) to Keras by Portolan.
# Input: Net.x=B,8,8,3
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self, k=3, **kwargs):
        super().__init__(**kwargs)
        self.conv_pad = layers.ZeroPadding2D()
        self.conv = layers.Conv2D(8, 5, use_bias=False)
        self.body = keras.Sequential(
            [layers.BatchNormalization(momentum=0.9, epsilon=0.01), layers.ReLU()]
        )
        self.fc = layers.Dense(2, activation="tanh")

    def call(self, x, training=None):
        x = ops.mean(
            self.body(self.conv(self.conv_pad(x)), training=training), axis=(1, 2)
        )
        return self.fc(x)


Net()(ops.transpose(ops.zeros((1, 3, 8, 8)), (0, 2, 3, 1)))
