# Functions of tf.*
import keras
import tensorflow as tf
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)

    def call(self, x):
        x = self.c(x)
        y = tf.reduce_mean(x, axis=[1, 2])
        z = tf.concat([x, x], axis=-1)
        u = tf.nn.relu(tf.reshape(x, [-1, 4 * 3 * 4]))
        w = tf.transpose(x, [0, 2, 1, 3])
        return y, z, u, w, tf.squeeze(x[:, :1], axis=1), tf.pad(x, [[0, 0], [1, 1], [2, 0], [0, 0]]), tf.split(x, 2, axis=-1)[0], tf.expand_dims(y, 1), tf.nn.softmax(y), tf.shape(x)[0] * 0 + tf.cast(tf.argmax(y, 1), tf.int32)


model = Net()
model(keras.Input((6, 5, 3)))
