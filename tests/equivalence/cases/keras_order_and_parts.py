import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.fc = layers.Dense(8)

    def call(self, x):
        h = self.fc(x)
        v = tf.sort(h, axis=-1, direction="DESCENDING")
        w = tf.sort(h)
        a = tf.cast(tf.argsort(h, direction="DESCENDING"), tf.float32)
        b = tf.cast(tf.argsort(h, axis=1), tf.float32)
        c = tf.math.cumprod(h, axis=1)
        grid = tf.linspace(0.0, 1.0, 8)
        gx, gy = tf.meshgrid(grid, tf.linspace(1.0, 2.0, 8))
        o = tf.matmul(h, gx * 2.0 - gy)
        i, j = tf.meshgrid(tf.range(8), tf.range(8), indexing="ij")
        p = tf.matmul(h, tf.cast(i - 2 * j, tf.float32))
        at = tf.math.atan2(h, w)
        flag = tf.cast(tf.reduce_any(h > 0, axis=1, keepdims=True), tf.float32)
        every = tf.cast(tf.reduce_all(h > -1.0, axis=1, keepdims=True), tf.float32)
        d = tf.linalg.diag_part(tf.reshape(tf.matmul(h, h, transpose_a=True), (1, 8, 8)) + o[:, None])
        return tf.concat([v, w, a, b, c, o, p, at, flag, every, d], axis=-1)


net = Net()
print(net(tf.random.normal((4, 6))).shape)
