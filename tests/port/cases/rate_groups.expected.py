# Ported from rate_groups.py (PyTorch) to Keras by Portolan.
"""The rate of an optimizer, read and set through its groups of parameters."""

import keras
import tensorflow as tf
from keras import layers, ops

net = layers.Dense(2)
optimizer = keras.optimizers.SGD(learning_rate=0.1)


def slower(optimizer, factor, least):
    optimizer.learning_rate = max(float(optimizer.learning_rate) * factor, least)


for epoch in range(3):
    with tf.GradientTape() as tape:
        loss = keras.losses.MeanSquaredError()(ops.zeros((3, 2)), net(ops.ones((3, 4))))
    gradients = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    slower(optimizer, 0.5, 0.03)
    print(float(optimizer.learning_rate))
