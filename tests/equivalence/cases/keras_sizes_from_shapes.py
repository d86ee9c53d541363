# Sizes that are read off tensors: layers without weights take them, layers with weights are built with what they were
import keras
from keras import layers, ops
from keras import backend as K


def squeeze_excite(x, ratio=4):
    filters = x.shape[-1]
    y = layers.GlobalAveragePooling2D()(x)
    y = layers.Reshape((1, 1, filters))(y)
    y = layers.Dense(filters // ratio, activation="relu")(y)
    y = layers.Dense(filters, activation="sigmoid")(y)
    return layers.Multiply()([x, y])


def pyramid(x):
    height, width = x.shape[1], x.shape[2]
    y = layers.AveragePooling2D(pool_size=(height // 2, width // 2))(x)
    y = layers.Conv2D(height // 2, 1, activation="relu")(y)
    y = layers.UpSampling2D(size=(height // 2, width // 2))(y)
    return layers.Concatenate()([x, y])


def tokens(x):
    steps = x.shape[1] * x.shape[2]
    y = layers.Reshape((steps, x.shape[3]))(x)
    return layers.Dense(steps)(layers.Permute((2, 1))(y))


inputs = layers.Input((8, 12, 3))
x = layers.Conv2D(16, 3, padding="same")(inputs)
x = squeeze_excite(x)
x = pyramid(x)
x = tokens(x)
outputs = layers.Dense(5)(layers.Flatten()(x))
model = keras.Model(inputs, outputs)
