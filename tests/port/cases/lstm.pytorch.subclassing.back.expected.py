# Ported from lstm.pytorch.subclassing.ported.py (PyTorch) to Keras by Portolan.
# Input: SentimentLSTM.inputs=B,100:int32
"""A sentiment classifier in TensorFlow: a bidirectional LSTM under a plain one, on word indices.

Shows recurrent layers, whose PyTorch counterparts need an input size that this file never says: it is
traced from the input's shape.
"""

import numpy as np
import keras
import tensorflow as tf
from keras import layers, ops


def dropout(x, rate=0.5, training=None):
    """Dropout where training."""
    return keras.random.dropout(x, rate) if training and rate > 0 else x


class DataLoader(keras.utils.PyDataset):
    """Batches of a dataset, for a loop and for fit; shuffled anew in each epoch."""

    def __init__(
        self, dataset, batch_size=1, shuffle=False, drop_last=False, collate_fn=None
    ):
        super().__init__()
        self.dataset = dataset
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.collate = collate_fn or self.stack
        self.on_epoch_begin()

    def on_epoch_begin(self):
        count = len(self.dataset)
        self.order = np.random.permutation(count) if self.shuffle else np.arange(count)

    def __len__(self):
        count = len(self.dataset)
        return (
            count // self.batch_size if self.drop_last else -(-count // self.batch_size)
        )

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.collate([self.dataset[int(row)] for row in rows])

    def __iter__(self):
        self.on_epoch_begin()
        return (self[index] for index in range(len(self)))

    @staticmethod
    def stack(items):
        if not isinstance(items[0], (tuple, list)):
            return np.stack([keras.ops.convert_to_numpy(item) for item in items])
        return tuple(DataLoader.stack(column) for column in zip(*items))


class Dataset:
    """Items by number: a subclass says __len__ and __getitem__."""

    def __getitem__(self, index):
        raise NotImplementedError


class TensorDataset(Dataset):
    """Arrays of one length; an item is one row of each."""

    def __init__(self, *tensors):
        self.tensors = tuple(keras.ops.convert_to_numpy(tensor) for tensor in tensors)

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)


class InputDropout(keras.Model):
    """Dropout on a sequence (N, T, F) with one mask for all steps."""

    def __init__(self, p, **kwargs):
        super().__init__(**kwargs)
        self.p = p

    def call(self, x, training=None):
        return x * dropout(ops.ones_like(x[:, :1]), self.p, training=training)


class ProbabilityCrossEntropy(keras.Model):
    """Cross entropy of probabilities, scaled to a sum of one and kept from 0 and 1."""

    def __init__(self, dim=1, label_smoothing=0.0, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.label_smoothing = label_smoothing

    def call(self, outputs, targets):
        p = outputs / ops.sum(outputs, axis=1, keepdims=True)
        log_p = ops.log(ops.clip(p, 1e-7, 1 - 1e-7))
        if not targets.is_floating_point():
            return -ops.mean(
                ops.take_along_axis(
                    log_p, ops.expand_dims(targets, self.dim), axis=self.dim
                )
            )
        if self.label_smoothing:
            # PORT: a shape of a tensor whose rank is not known
            #     classes = targets.shape[self.dim]
            raise NotImplementedError("a shape of a tensor whose rank is not known")
            targets = (
                targets * (1 - self.label_smoothing) + self.label_smoothing / classes
            )
        return -ops.mean(ops.sum(targets * log_p, axis=1))


def sparse_accuracy(outputs, targets):
    """The share of inputs whose largest output is that of their class."""
    return ops.mean(ops.cast(ops.argmax(outputs, axis=1) == targets, "float32"))


def evaluate_model(model, criterion, loader, *metrics):
    """The mean loss over a loader; with metrics, a list of the loss and each of them."""
    sums, count = [0.0] * (1 + len(metrics)), 0
    for inputs, targets in loader:
        outputs = model(inputs)
        values = [measure(outputs, targets) for measure in (criterion, *metrics)]
        sums = [s + float(v) * len(inputs) for s, v in zip(sums, values)]
        count += len(inputs)
    means = [s / count for s in sums]
    return means if metrics else means[0]


VOCABULARY = 10000
LENGTH = 100
BATCH_SIZE = 8
EPOCHS = 2


class SentimentLSTM(keras.Model):
    """Embedding, bidirectional LSTM over the full sequence, LSTM, two dense layers."""

    def __init__(self, vocabulary=VOCABULARY, num_classes=2, **kwargs):
        super().__init__(**kwargs)
        self.embedding = layers.Embedding(vocabulary, 326)
        self.bilstm_dropout = InputDropout(0.5)
        self.bilstm = layers.Bidirectional(layers.LSTM(40, return_sequences=True))
        self.dropout = layers.Dropout(0.2)
        self.lstm_dropout = InputDropout(0.2)
        self.lstm = layers.LSTM(40, return_sequences=True)
        self.dense = layers.Dense(40)
        self.classifier = layers.Dense(num_classes)

    def call(self, inputs, training=None):
        x = self.embedding(inputs)
        x = (self.bilstm(self.bilstm_dropout(x)), None)[0]
        x = self.dropout(x, training=training)
        x = (self.lstm(self.lstm_dropout(x)), None)[0][:, -1]
        x = ops.relu(self.dense(x))
        return ops.softmax(self.classifier(x))


def synthetic_reviews(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count,))
    return words, labels


if __name__ == "__main__":
    model = SentimentLSTM()
    model(ops.zeros((1, LENGTH), dtype="int32"))
    print(model)
    criterion = ProbabilityCrossEntropy()
    optimizer = keras.optimizers.Adam()
    x_train, y_train = synthetic_reviews(32)
    x_test, y_test = synthetic_reviews(16)
    train_loader = DataLoader(
        TensorDataset(
            ops.convert_to_tensor(x_train, dtype="int64"),
            ops.ravel(ops.convert_to_tensor(y_train, dtype="int64")),
        ),
        batch_size=BATCH_SIZE,
        shuffle=True,
    )
    for epoch in range(EPOCHS):
        running_loss = 0.0
        for inputs, targets in train_loader:
            with tf.GradientTape() as tape:
                batch_loss = criterion(model(inputs, training=True), targets)
            gradients = tape.gradient(batch_loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
            running_loss += float(batch_loss) * len(inputs)
        running_loss /= len(train_loader.dataset)
        print(f"epoch {epoch + 1}: loss {running_loss:.4f}")
    loss, accuracy = evaluate_model(
        model,
        criterion,
        DataLoader(
            TensorDataset(
                ops.convert_to_tensor(x_test, dtype="int64"),
                ops.ravel(ops.convert_to_tensor(y_test, dtype="int64")),
            ),
            batch_size=BATCH_SIZE,
        ),
        sparse_accuracy,
    )
    print(f"accuracy {accuracy:.4f}")
