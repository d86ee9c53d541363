# Arrays and lists of numbers beside tensors.
import numpy as np
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras import layers

MEAN = np.array([0.485, 0.456, 0.406])
STD = np.array([0.229, 0.224, 0.225], dtype="float32")


def normalise(x):
    return (x - MEAN) / STD


def weigh(x, weights=(0.2, 0.3, 0.5)):
    return x * np.asarray(weights, dtype=np.float32)


class Shift(layers.Layer):
    def __init__(self, amounts):
        super().__init__()
        self.amounts = np.array(amounts, dtype="float32")

    def call(self, x):
        return x + self.amounts


inputs = keras.Input((8, 10, 3))
x = layers.Lambda(normalise)(inputs)
x = layers.Lambda(weigh)(x)
x = Shift([0.1, 0.2, 0.3])(x)
x = layers.Conv2D(4, 3)(x)
x = layers.Lambda(lambda t: t * [1.0, 2.0, 3.0, 4.0])(x)

x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(2)(x)
model = keras.Model(inputs, outputs)
