"""What a part of a network predicts, arrays in and out in the order of the source."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((8, 8, 3))
code = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
decoded = layers.Conv2D(3, 3, padding="same")(code)
auto = keras.Model(inputs, decoded)
encoder = keras.Model(inputs, code)

images = np.zeros((5, 8, 8, 3), "float32")
codes = encoder.predict(images)
print(codes[..., 0].mean(), auto.predict(images).shape)
auto.compile(optimizer="adam", loss="mse")
history = auto.fit(images, images, epochs=1, batch_size=4)
print(len(history.history["loss"]), history.history["loss"][0])
