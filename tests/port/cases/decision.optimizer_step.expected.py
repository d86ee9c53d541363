# Ported from optimizer_step.py (PyTorch) to Keras by Portolan.
# Input: Line.x=B,3
"""Decision "optimizer-step": Adam is not quite the same Adam in both frameworks.

They add epsilon in different places, which shows only in training. `nearest` takes the built-in one and notes
the difference; `faithful` writes a step of its own.
"""

import keras
import numpy as np
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


class Line(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fit_ = layers.Dense(1)

    def call(self, x):
        return self.fit_(x)


def train(model, loader, epochs=3):
    criterion = keras.losses.MeanSquaredError()
    optimizer = keras.optimizers.Adam(learning_rate=0.01, epsilon=1e-8)
    model.compile(optimizer=optimizer, loss=criterion)
    model.fit(loader, epochs=epochs, shuffle=False)


if __name__ == "__main__":
    inputs = keras.random.normal((64, 3))
    targets = ops.sum(inputs, axis=1, keepdims=True)
    train(Line(), DataLoader(TensorDataset(inputs, targets), batch_size=16))
