"""Decision "activation": which activation a layer has is known only when the network is built.

A Keras Sequential within a plain class, its activation an attribute set from a constructor argument. The
port keeps it dynamic, turns it into a table of the values found, or fixes it to one.
"""

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


class Classifier:
    def __init__(self, activation="relu", num_classes=3):
        self.activation = activation
        self.model = keras.Sequential(
            [
                layers.Input(shape=(16,)),
                layers.Dense(32, activation=self.activation),
                layers.Dense(32, activation=self.activation),
                layers.Dense(num_classes, activation="softmax"),
            ]
        )

    def train(self, x, y, epochs=2):
        self.model.compile(
            optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
        )
        self.model.fit(x, y, epochs=epochs, batch_size=8)


if __name__ == "__main__":
    classifier = Classifier(activation="tanh")
    classifier.train(np.random.rand(32, 16), np.random.randint(0, 3, size=(32,)))
