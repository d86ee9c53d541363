# Classes that derive from Keras layers, with and without a constructor and a call of their own.
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.layers import Dense


class CausalConv(layers.Conv1D):
    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(filters, kernel_size, padding="valid", **kwargs)
        self.left = kernel_size - 1

    def call(self, inputs):
        return super().call(tf.pad(inputs, [[0, 0], [self.left, 0], [0, 0]]))


class Tied(Dense):
    def call(self, inputs):
        x = super().call(inputs)
        return x + tf.matmul(x, self.kernel, transpose_b=True)


class ConvBN(layers.Conv2D):
    def __init__(self, filters, size, strides=1):
        super().__init__(filters, size, strides=strides, padding="same", use_bias=False)
        self.bn = layers.BatchNormalization()

    def call(self, inputs, training=None):
        x = super().call(inputs)
        return tf.nn.relu(self.bn(x, training=training))


inputs = keras.Input(shape=(16, 16, 3))
x = ConvBN(8, 3, strides=2)(inputs)
x = layers.Reshape((64, 8))(x)
x = CausalConv(12, 3, activation="relu")(x)
x = Tied(12)(x)
model = keras.Model(inputs, x)
