# Subclassed blocks that only say filters: in_channels is threaded
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class ConvBN(layers.Layer):
    def __init__(self, filters, kernel=3, strides=1):
        super().__init__()
        self.conv = layers.Conv2D(filters, kernel, strides=strides, padding="same", use_bias=False)
        self.bn = layers.BatchNormalization()

    def call(self, x, training=None):
        return tf.nn.relu(self.bn(self.conv(x), training=training))


class Residual(layers.Layer):
    def __init__(self, filters, strides=1):
        super(Residual, self).__init__()
        self.a = ConvBN(filters, strides=strides)
        self.b = ConvBN(filters)
        if strides != 1:
            self.short = layers.Conv2D(filters, 1, strides=strides)
        else:
            self.short = lambda x: x

    def call(self, x, training=None):
        return self.b(self.a(x, training=training), training=training) + self.short(x)


class Net(keras.Model):
    def __init__(self, widths=(16, 32, 64), classes=10):
        super().__init__()
        self.stem = layers.Conv2D(16, 3, padding="same")
        self.blocks = []
        for i, w in enumerate(widths):
            self.blocks.append(Residual(w, strides=1 if i == 0 else 2))
        self.pool = layers.GlobalAveragePooling2D()
        self.fc = layers.Dense(classes)

    def call(self, x, training=None):
        x = self.stem(x)
        for b in self.blocks:
            x = b(x, training=training)
        return self.fc(self.pool(x))


model = Net()
model.build((None, 32, 32, 3))
