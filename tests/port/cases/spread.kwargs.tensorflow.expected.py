# Ported from torch_kwargs.py (PyTorch) to Keras by Portolan.
# Input: Net.x=B,17,17,3
import keras
from keras import layers, ops


# Arguments passed on by **kwargs


class BasicConv2d(keras.Model):
    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, **kwargs
    ):
        super().__init__(**kwargs)
        self.conv_pad = layers.ZeroPadding2D(padding)
        self.conv = layers.Conv2D(
            out_channels, kernel_size, strides=stride, use_bias=False
        )
        self.bn = layers.BatchNormalization(momentum=0.9)

    def call(self, x, training=None):
        x = self.conv(self.conv_pad(x))
        x = self.bn(x, training=training)
        return ops.relu(x)


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.a = BasicConv2d(3, 8, kernel_size=3, stride=2)
        self.b = BasicConv2d(8, 8, kernel_size=(1, 7), padding=(0, 3))
        self.c = BasicConv2d(8, 8, kernel_size=3, padding=1)

    def call(self, x, training=None):
        return self.c(
            self.b(self.a(x, training=training), training=training), training=training
        )


net = Net()
net(ops.transpose(keras.random.normal((1, 3, 17, 17)), (0, 2, 3, 1)))
