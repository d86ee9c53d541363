# Elementwise functions
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()


    def call(self, x):
        y = ops.abs(x) + 0.5
        return ops.log(y), ops.exp(-y), ops.sqrt(y), ops.power(y, 3), ops.square(x), ops.sign(x), ops.floor(x), ops.maximum(x, 0.1), ops.minimum(x, y), ops.clip(x, -0.5, 0.5), ops.where(x > 0, x, y), ops.cumsum(x, axis=1), ops.sin(x), ops.rsqrt(y), x ** 2, 1 / y, ops.tanh(x), ops.logical_and(x > 0, x < 1), ops.cast(x > 0, 'float32'), ops.mod(x, 0.7), ops.reciprocal(y), ops.log1p(y), ops.arctan(x), ops.round(x)


model = Net()
model(keras.Input((6,)))
