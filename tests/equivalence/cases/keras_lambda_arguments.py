# Functions with arguments in Lambda layers.
import keras
from keras import layers, ops


def scale(x, factor, offset=0.0):
    return x * factor + offset


def halves(x, first):
    n = x.shape[-1] // 2
    return x[..., :n] if first else x[..., n:]


OPTIONS = {"factor": 0.5, "offset": 0.1}

inputs = layers.Input((8, 10, 6))
x = layers.Lambda(scale, arguments={"factor": 2.0})(inputs)
x = layers.Lambda(scale, arguments=OPTIONS, name="scaled")(x)
a = layers.Lambda(halves, arguments={"first": True})(x)
b = layers.Lambda(halves, arguments=dict(first=False))(x)
x = layers.Conv2D(4, 3)(a - b)
x = layers.Lambda(lambda t, k: t ** k, arguments={"k": 2})(x)
outputs = layers.Dense(2)(layers.GlobalAveragePooling2D()(x))
model = keras.Model(inputs, outputs)
