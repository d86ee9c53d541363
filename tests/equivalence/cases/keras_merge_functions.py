from tensorflow import keras
from tensorflow.keras import layers


def block(x):
    a = layers.Conv2D(8, 3, padding="same")(x)
    b = layers.Conv2D(8, 3, padding="same")(x)
    c = layers.add([a, b])
    d = layers.multiply([a, c])
    e = layers.average([c, d])
    f = layers.maximum([d, e])
    return layers.concatenate([f, e])


inp = keras.Input((6, 7, 3))
x = block(inp)
m = keras.Model(inp, block(x))
