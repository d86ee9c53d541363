# The last part of the data is held back; a loss that is a function of the file.
import numpy as np
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras import layers


def own_loss(y_true, y_pred):
    return K.mean(K.square(y_true - y_pred)) + 0.1 * K.mean(K.abs(y_pred))


model = keras.Sequential([layers.Dense(4, activation="relu", input_shape=(3,)), layers.Dense(1)])
model.compile(optimizer="sgd", loss=own_loss)
x = np.random.rand(40, 3).astype("float32")
y = np.random.rand(40).astype("float32")
model.fit(x, y, batch_size=8, epochs=2, validation_split=0.25)

other = keras.Sequential([layers.Dense(4, activation="relu", input_shape=(3,)), layers.Dense(1)])
other.compile(optimizer="sgd", loss="mse", metrics=["mae"])
other.fit(x, y, epochs=1, validation_split=0.1)
