# Ported from torch_tied.py (PyTorch) to Keras by Portolan.
# Input: Tied.x=B,6
import keras
from keras import layers, ops


def Tied():
    inputs = keras.Input(shape=(6,))
    x = layers.Dense(8, name="inp")(inputs)
    act_layer = layers.ReLU(name="act")
    x = act_layer(x)
    mid_layer = layers.Dense(8, name="mid")
    x = mid_layer(x)
    x = act_layer(x)
    x = mid_layer(x)
    x = act_layer(x)
    x = layers.Dense(3, name="out")(x)
    return keras.Model(inputs, x)


# A layer that is applied twice keeps one set of weights


model = Tied()
y = model(ops.zeros((2, 6)))
