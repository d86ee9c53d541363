"""A sentiment classifier in TensorFlow: a bidirectional LSTM under a plain one, on word indices.

Shows recurrent layers, whose PyTorch counterparts need an input size that this file never says: it is
traced from the input's shape.
"""

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

VOCABULARY = 10000
LENGTH = 100
BATCH_SIZE = 8
EPOCHS = 2


class SentimentLSTM(tf.keras.Model):
    """Embedding, bidirectional LSTM over the full sequence, LSTM, two dense layers."""

    def __init__(self, vocabulary=VOCABULARY, num_classes=2):
        super().__init__()
        self.embedding = layers.Embedding(vocabulary, 326)
        self.bilstm = layers.Bidirectional(
            layers.LSTM(40, dropout=0.5, return_sequences=True)
        )
        self.dropout = layers.Dropout(0.2)
        self.lstm = layers.LSTM(40, dropout=0.2)
        self.dense = layers.Dense(40, activation="relu")
        self.classifier = layers.Dense(num_classes, activation="softmax")

    def call(self, inputs, training=None):
        x = self.embedding(inputs)
        x = self.bilstm(x, training=training)
        x = self.dropout(x, training=training)
        x = self.lstm(x, training=training)
        x = self.dense(x)
        return self.classifier(x)


def synthetic_reviews(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count,))
    return words, labels


if __name__ == "__main__":
    model = SentimentLSTM()
    model(tf.zeros((1, LENGTH), dtype=tf.int32))
    model.summary()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=1e-3),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    x_train, y_train = synthetic_reviews(32)
    x_test, y_test = synthetic_reviews(16)
    model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS)
    loss, accuracy = model.evaluate(x_test, y_test, batch_size=BATCH_SIZE)
    print(f"accuracy {accuracy:.4f}")
