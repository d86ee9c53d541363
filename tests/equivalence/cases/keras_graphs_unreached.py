# A layer that reaches no output of its graph is no part of the model; one is overwritten
import tensorflow as tf
from tensorflow.keras import layers, Model, Input

inp = Input((8, 8, 3))
x = layers.Conv2D(4, 3)(inp)
f = layers.Flatten()(x)
aux = layers.Dense(3)(f)
out = layers.Dense(5)(f)
out = layers.Dense(2)(f)
enc = Model(inp, f)
net = Model(inp, out)


