# Frozen networks and layers, one by one and as a whole
from tensorflow import keras
from tensorflow.keras import layers


def backbone(size):
    inp = keras.Input((size, size, 3))
    x = layers.Conv2D(8, 3, activation="relu")(inp)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inp, x)


base = backbone(16)
base.trainable = False
for layer in base.layers:
    layer.trainable = False
model = keras.Sequential([base, layers.Dense(3)])
