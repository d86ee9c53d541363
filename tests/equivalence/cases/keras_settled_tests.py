# Code that asks in which order channels are held.
import keras
from keras import backend as K
from keras import layers


def block(x, filters):
    axis = 1 if K.image_data_format() == "channels_first" else -1
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization(axis=axis)(x)
    return layers.Activation("relu")(x)


if K.image_data_format() == "channels_first":
    shape = (3, 16, 16)
else:
    shape = (16, 16, 3)
inputs = layers.Input(shape)
x = block(inputs, 8)
if not K.image_data_format() == "channels_last":
    x = layers.Permute((2, 3, 1))(x)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(3)(x))
