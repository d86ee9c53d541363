# Ported from lstm.py (Keras) to Keras by Portolan.
# Input: SentimentLSTM.inputs=B,100:int32
"""A sentiment classifier in TensorFlow: a bidirectional LSTM under a plain one, on word indices.

Shows recurrent layers, whose PyTorch counterparts need an input size that this file never says: it is
traced from the input's shape.
"""

import numpy as np
import keras
import tensorflow as tf
from keras import layers, ops

VOCABULARY = 10000
LENGTH = 100
BATCH_SIZE = 8
EPOCHS = 2


def SentimentLSTM(vocabulary=VOCABULARY, num_classes=2):
    """Embedding, bidirectional LSTM over the full sequence, LSTM, two dense layers."""
    inputs = keras.Input(shape=(100,), dtype="int32")
    x = layers.Embedding(vocabulary, 326, name="embedding")(inputs)
    x = layers.Bidirectional(
        layers.LSTM(40, dropout=0.5, return_sequences=True), name="bilstm"
    )(x)
    x = layers.Dropout(0.2, name="dropout")(x)
    x = layers.LSTM(40, dropout=0.2, name="lstm")(x)
    x = layers.Dense(40, activation="relu", name="dense")(x)
    x = layers.Dense(num_classes, activation="softmax", name="classifier")(x)
    return keras.Model(inputs, x)


def synthetic_reviews(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count,))
    return words, labels


if __name__ == "__main__":
    model = SentimentLSTM()
    model(ops.zeros((1, LENGTH), dtype=tf.int32))
    model.summary()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    x_train, y_train = synthetic_reviews(32)
    x_test, y_test = synthetic_reviews(16)
    model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS)
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=BATCH_SIZE)
    print(f"accuracy {accuracy:.4f}")
