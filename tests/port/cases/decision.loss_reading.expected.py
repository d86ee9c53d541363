# Ported from loss_reading.py (PyTorch) to Keras by Portolan.
# Input: model.x=B,4
"""Decision "loss-reading": the network ends in a softmax, and its loss takes logits.

As it is written, the softmax is applied twice. `as-written` ports that; `logits` and `probabilities` port
what may have been meant.
"""

import keras
import numpy as np
from keras import layers


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


class SoftmaxTwice(keras.losses.Loss):
    """Cross entropy that takes the outputs for logits, even where they are probabilities."""

    def call(self, y_true, y_pred):
        log_p = keras.ops.log_softmax(y_pred, axis=-1)
        classes = keras.ops.one_hot(keras.ops.cast(y_true, "int32"), y_pred.shape[-1])
        return -keras.ops.sum(classes * log_p, axis=-1)


model = keras.Sequential(
    [layers.Dense(16), layers.ReLU(), layers.Dense(3), layers.Softmax(axis=1)]
)

data = TensorDataset(keras.random.normal((32, 4)), keras.random.randint((32,), 0, 3))
loader = DataLoader(data, batch_size=8, shuffle=True)

criterion = SoftmaxTwice()
optimizer = keras.optimizers.SGD(learning_rate=0.1)

model.compile(optimizer=optimizer, loss=criterion)
model.fit(loader, epochs=3, shuffle=False)
