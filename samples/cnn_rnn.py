"""A text classifier in TensorFlow whose two convolutions of different width run side by side.

Shows a network that is not sequential: two branches are concatenated on the feature axis, which is
another axis in PyTorch.
"""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

VOCABULARY = 5000
LENGTH = 200
BATCH_SIZE = 8
EPOCHS = 2


class CNNRNN(tf.keras.Model):
    """Two convolutional branches over embedded words, then a GRU."""

    def __init__(self, vocabulary=VOCABULARY, filters=200):
        super().__init__()
        self.embedding = layers.Embedding(vocabulary, 50)
        self.dropout1 = layers.Dropout(0.5)
        self.conv1 = layers.Conv1D(filters, 4, activation="relu")
        self.pool1 = layers.MaxPooling1D(2)
        self.conv2 = layers.Conv1D(filters, 5, activation="relu")
        self.pool2 = layers.MaxPooling1D(2)
        self.concat = layers.Concatenate(axis=-1)
        self.dropout2 = layers.Dropout(0.15)
        self.gru = layers.GRU(100)
        self.dense1 = layers.Dense(400, activation="relu")
        self.dropout3 = layers.Dropout(0.1)
        self.dense2 = layers.Dense(1, activation="sigmoid")

    def call(self, inputs, training=None):
        x = self.embedding(inputs)
        x = self.dropout1(x, training=training)
        a = self.pool1(self.conv1(x))
        b = self.pool2(self.conv2(x))
        x = self.concat([a, b])
        x = self.dropout2(x, training=training)
        x = self.gru(x)
        x = self.dense1(x)
        x = self.dropout3(x, training=training)
        return self.dense2(x)


def synthetic_texts(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count, 1)).astype("float32")
    return words, labels


if __name__ == "__main__":
    model = CNNRNN()
    model(tf.keras.Input(shape=(LENGTH,), dtype="int32"))
    model.summary()
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    x_train, y_train = synthetic_texts(32)
    x_test, y_test = synthetic_texts(16)
    model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS)
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=BATCH_SIZE)
    print(f"accuracy {accuracy:.4f}")
