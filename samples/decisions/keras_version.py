"""Decision "keras-version": hard_sigmoid is one function in Keras 2 and another one in Keras 3.

Nothing else in the file tells the two apart, so Portolan asks which one it was written for (Keras 2, unless
told otherwise).
"""

from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential(
    [
        layers.Input(shape=(8,)),
        layers.Dense(16, activation="hard_sigmoid"),
        layers.Dense(2),
    ]
)

model.summary()
