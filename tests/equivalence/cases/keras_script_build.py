# Layers built in build(): folded into constructors
import tensorflow as tf
from tensorflow.keras import layers, Model, initializers, regularizers


class Linear(layers.Layer):
    def __init__(self, units=32, **kwargs):
        super(Linear, self).__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)
        super().build(input_shape)

    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b

    def get_config(self):
        config = super().get_config()
        config.update({"units": self.units})
        return config


class SEBlock(layers.Layer):
    def __init__(self, reduction=4, **kwargs):
        super().__init__(**kwargs)
        self.reduction = reduction

    def build(self, input_shape):
        channels = input_shape[-1]
        self.pool = layers.GlobalAveragePooling2D()
        self.fc1 = layers.Dense(channels // self.reduction, activation="relu")
        self.fc2 = layers.Dense(channels, activation="sigmoid")

    def call(self, x):
        s = self.pool(x)
        s = self.fc2(self.fc1(s))
        s = tf.reshape(s, (-1, 1, 1, x.shape[-1]))
        return x * s


class Net(Model):
    def __init__(self, classes=4):
        super().__init__()
        self.conv1 = layers.Conv2D(8, 3, padding="same", kernel_regularizer=regularizers.l2(1e-4))
        self.se1 = SEBlock()
        self.conv2 = layers.Conv2D(16, 3, strides=2, padding="same", kernel_initializer=initializers.HeNormal())
        self.se2 = SEBlock(2)
        self.flat = layers.Flatten()
        self.out = Linear(classes)

    def call(self, x, training=False):
        x = self.se1(tf.nn.relu(self.conv1(x)))
        x = self.se2(tf.nn.relu(self.conv2(x)))
        return self.out(self.flat(x))


net = Net()
net.build(input_shape=(None, 16, 16, 3))
