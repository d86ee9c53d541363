import tensorflow as tf
from tensorflow.keras import layers
class D(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(3, 3, padding="same")
    def call(self, inp, tar):
        x = layers.concatenate([inp, tar])
        return self.c(x)
d = D()
d(tf.zeros((1, 8, 8, 3)), tf.zeros((1, 8, 8, 3)))
def step(a, b):
    o = d(a, b, training=True)
    p = d(a, o, training=False)
    return o
