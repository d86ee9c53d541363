import tensorflow as tf
from tensorflow.keras import layers, Model


class MyDense(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1], self.units), initializer="glorot_uniform")

    def call(self, x):
        return tf.matmul(x, self.w)


class Net(Model):
    def __init__(self, widths):
        super().__init__()
        self.all = [MyDense(u) for u in widths]

    def call(self, x):
        for l in self.all:
            x = tf.nn.relu(l(x))
        return x


net = Net([16, 8])
print(net(tf.zeros((2, 5))).shape)
