# Ported from constructor_argument.py (PyTorch) to Keras by Portolan.
# Input: Regressor.x=B,12
"""Decision "constructor-argument": the network needs a number that this file never gives it.

Portolan asks for the literal, so that the network can be traced; the parameter stays a parameter.
"""

import keras
from keras import layers, ops


class Regressor(keras.Model):
    def __init__(self, hidden_size, **kwargs):
        super().__init__(**kwargs)
        self.hidden = layers.Dense(hidden_size)
        self.output_layer = layers.Dense(1)

    def call(self, x):
        return self.output_layer(ops.tanh(self.hidden(x)))
