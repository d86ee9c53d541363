# Ported from cnn_rnn.pytorch.subclassing.ported.py (PyTorch) to Keras by Portolan.
# Input: CNNRNN.inputs=B,200:int32
"""A text classifier in TensorFlow whose two convolutions of different width run side by side.

Shows a network that is not sequential: two branches are concatenated on the feature axis, which is
another axis in PyTorch.
"""

import numpy as np
import keras
from keras import layers, ops


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


class Concatenate(keras.Model):
    """Joins a list of tensors along an axis."""

    def __init__(self, dim=-1, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim

    def call(self, tensors):
        return ops.concatenate(tensors, axis=2)


def binary_accuracy(outputs, targets, threshold=0.5):
    """The share of outputs on the target's side of the threshold."""
    return ops.mean(ops.cast((outputs > threshold) == (targets > 0.5), "float32"))


def evaluate_model(model, criterion, loader, *metrics):
    """The mean loss over a loader; with metrics, a list of the loss and each of them."""
    sums, count = [0.0] * (1 + len(metrics)), 0
    for inputs, targets in loader:
        outputs = model(inputs)
        values = [measure(targets, outputs) for measure in (criterion, *metrics)]
        sums = [s + float(v) * len(inputs) for s, v in zip(sums, values)]
        count += len(inputs)
    means = [s / count for s in sums]
    return means if metrics else means[0]


VOCABULARY = 5000
LENGTH = 200
BATCH_SIZE = 8
EPOCHS = 2


class CNNRNN(keras.Model):
    """Two convolutional branches over embedded words, then a GRU."""

    def __init__(self, vocabulary=VOCABULARY, filters=200, **kwargs):
        super().__init__(**kwargs)
        self.embedding = layers.Embedding(vocabulary, 50)
        self.dropout1 = layers.Dropout(0.5)
        self.conv1 = layers.Conv1D(filters, 4)
        self.pool1 = layers.MaxPooling1D()
        self.conv2 = layers.Conv1D(filters, 5)
        self.pool2 = layers.MaxPooling1D()
        self.concat = Concatenate(1)
        self.dropout2 = layers.Dropout(0.15)
        self.gru = layers.GRU(100, return_sequences=True)
        self.dense1 = layers.Dense(400)
        self.dropout3 = layers.Dropout(0.1)
        self.dense2 = layers.Dense(1)

    def call(self, inputs, training=None):
        x = self.embedding(inputs)
        x = self.dropout1(x, training=training)
        a = self.pool1(ops.relu(self.conv1(x)))
        b = self.pool2(ops.relu(self.conv2(x)))
        x = self.concat([a, b])
        x = self.dropout2(x, training=training)
        x = (self.gru(x), None)[0][:, -1]
        x = ops.relu(self.dense1(x))
        x = self.dropout3(x, training=training)
        return ops.sigmoid(self.dense2(x))


def synthetic_texts(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count, 1)).astype("float32")
    return words, labels


if __name__ == "__main__":
    model = CNNRNN()
    print(model)
    criterion = keras.losses.BinaryCrossentropy()
    optimizer = keras.optimizers.Adam()
    x_train, y_train = synthetic_texts(32)
    x_test, y_test = synthetic_texts(16)
    train_loader = DataLoader(
        TensorDataset(
            ops.convert_to_tensor(x_train, dtype="int64"),
            ops.reshape(ops.convert_to_tensor(y_train, dtype="float32"), (-1, 1)),
        ),
        batch_size=BATCH_SIZE,
        shuffle=True,
    )
    model.compile(optimizer=optimizer, loss=criterion)
    model.fit(train_loader, epochs=EPOCHS, shuffle=False)
    loss, accuracy = evaluate_model(
        model,
        criterion,
        DataLoader(
            TensorDataset(
                ops.convert_to_tensor(x_test, dtype="int64"),
                ops.reshape(ops.convert_to_tensor(y_test, dtype="float32"), (-1, 1)),
            ),
            batch_size=BATCH_SIZE,
        ),
        binary_accuracy,
    )
    print(f"accuracy {accuracy:.4f}")
