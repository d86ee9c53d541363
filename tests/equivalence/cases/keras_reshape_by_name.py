from tensorflow import keras
from tensorflow.keras import layers


def block(x, filters, channels_first=False, name=""):
    x = layers.Conv2D(filters, 1, name=name + "c")(x)
    se = layers.GlobalAveragePooling2D(name=name + "p")(x)
    if channels_first:
        shape = (filters, 1, 1)
    else:
        shape = (1, 1, filters)
    se = layers.Reshape(shape, name=name + "r")(se)
    se = layers.Conv2D(filters, 1, activation="sigmoid", name=name + "s")(se)
    return layers.multiply([x, se], name=name + "m")


inputs = keras.Input((8, 8, 3))
x = block(inputs, 4, name="a")
x = block(x, 6, name="b")
model = keras.Model(inputs, x)
