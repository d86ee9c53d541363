# Ported from cnn_rnn.py (Keras) to Keras by Portolan.
# Input: CNNRNN.inputs=B,200:int32
"""A text classifier in TensorFlow whose two convolutions of different width run side by side.

Shows a network that is not sequential: two branches are concatenated on the feature axis, which is
another axis in PyTorch.
"""

import numpy as np
import keras
from keras import layers

VOCABULARY = 5000
LENGTH = 200
BATCH_SIZE = 8
EPOCHS = 2


def CNNRNN(vocabulary=VOCABULARY, filters=200):
    """Two convolutional branches over embedded words, then a GRU."""
    inputs = keras.Input(shape=(200,), dtype="int32")
    x = layers.Embedding(vocabulary, 50, name="embedding")(inputs)
    dropout1 = layers.Dropout(0.5, name="dropout1")(x)
    x = layers.Conv1D(filters, 4, activation="relu", name="conv1")(dropout1)
    pool2 = layers.MaxPooling1D(name="pool1")(x)
    x = layers.Conv1D(filters, 5, activation="relu", name="conv2")(dropout1)
    x = layers.MaxPooling1D(name="pool2")(x)
    x = layers.Concatenate(axis=2, name="concat")([pool2, x])
    x = layers.Dropout(0.15, name="dropout2")(x)
    x = layers.GRU(100, name="gru")(x)
    x = layers.Dense(400, activation="relu", name="dense1")(x)
    x = layers.Dropout(0.1, name="dropout3")(x)
    x = layers.Dense(1, activation="sigmoid", name="dense2")(x)
    return keras.Model(inputs, x)


def synthetic_texts(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count, 1)).astype("float32")
    return words, labels


if __name__ == "__main__":
    model = CNNRNN()
    model(keras.Input(shape=(LENGTH,), dtype="int32"))
    model.summary()
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    x_train, y_train = synthetic_texts(32)
    x_test, y_test = synthetic_texts(16)
    model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS)
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=BATCH_SIZE)
    print(f"accuracy {accuracy:.4f}")
