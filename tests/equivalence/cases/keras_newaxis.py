# New axes by name, in what runs and in what does not.
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class A(layers.Layer):
    def call(self, x):
        y = x[:, tf.newaxis, :] * x[:, :, tf.newaxis]
        return tf.reduce_sum(y, axis=2)


def mask(seq):
    seq = tf.cast(tf.math.equal(seq, 0), tf.float32)
    return seq[:, tf.newaxis, tf.newaxis, :]


inputs = keras.Input((6,))
model = keras.Model(inputs, A()(layers.Dense(5)(inputs)))
