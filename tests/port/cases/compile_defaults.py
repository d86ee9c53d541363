"""compile() without an optimizer takes the one that it takes when nobody says."""

import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
model.compile(loss="mse")
model.fit(np.ones((8, 4), "float32"), np.ones((8, 1), "float32"), epochs=2)
