# Ported from tf_tutorial.pytorch.sequential.ported.py (PyTorch) to Keras by Portolan.
# Input: model.x=B,32,32,3
"""The small convolutional network of TensorFlow's image tutorial, as a Keras Sequential.

Shows a Sequential that grows by .add, a loss on logits, and compile/fit/evaluate, which become a training
loop in PyTorch.
"""

import numpy as np
import keras
import tensorflow as tf
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


class Permute(keras.Model):
    """Permutes the axes behind the batch; they count from 1."""

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)

    def call(self, x):
        return ops.transpose(x, (0, *self.dims))


def sparse_accuracy(outputs, targets):
    """The share of inputs whose largest output is that of their class."""
    return ops.mean(ops.cast(ops.argmax(outputs, axis=1) == targets, "float32"))


def evaluate_model(model, criterion, loader, *metrics):
    """The mean loss over a loader; with metrics, a list of the loss and each of them."""
    sums, count = [0.0] * (1 + len(metrics)), 0
    for inputs, targets in loader:
        outputs = model(ops.transpose(inputs, (0, 2, 3, 1)))
        values = [measure(targets, outputs) for measure in (criterion, *metrics)]
        sums = [s + float(v) * len(inputs) for s, v in zip(sums, values)]
        count += len(inputs)
    means = [s / count for s in sums]
    return means if metrics else means[0]


# Random images and labels, in place of a dataset.
train_images = np.random.rand(64, 32, 32, 3).astype("float32")
train_labels = np.random.randint(0, 10, size=(64,))
test_images = np.random.rand(32, 32, 32, 3).astype("float32")
test_labels = np.random.randint(0, 10, size=(32,))

model = keras.Sequential()
model.add(layers.Conv2D(32, 3))
model.add(layers.ReLU())
model.add(layers.MaxPooling2D())
model.add(layers.Conv2D(64, 3))
model.add(layers.ReLU())
model.add(layers.MaxPooling2D())
model.add(layers.Conv2D(64, 3))
model.add(layers.ReLU())
model.add(Permute((1, 2, 3)))
model.add(layers.Flatten())
model.add(layers.Dense(64))
model.add(layers.ReLU())
model.add(layers.Dense(10))

print(model)

criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.Adam()

train_loader = DataLoader(
    TensorDataset(
        ops.transpose(
            ops.convert_to_tensor(train_images, dtype="float32"), (0, 3, 1, 2)
        ),
        ops.ravel(ops.convert_to_tensor(train_labels, dtype="int64")),
    ),
    batch_size=16,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        ops.transpose(
            ops.convert_to_tensor(test_images, dtype="float32"), (0, 3, 1, 2)
        ),
        ops.ravel(ops.convert_to_tensor(test_labels, dtype="int64")),
    ),
    batch_size=16,
)
for epoch in range(2):
    running_loss = 0.0
    for inputs, targets in train_loader:
        with tf.GradientTape() as tape:
            batch_loss = criterion(targets, model(ops.transpose(inputs, (0, 2, 3, 1))))
        gradients = tape.gradient(batch_loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        running_loss += float(batch_loss) * len(inputs)
    running_loss /= len(train_loader.dataset)
    val_results = evaluate_model(model, criterion, val_loader, sparse_accuracy)
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}, validation", val_results)

test_loss, test_accuracy = evaluate_model(
    model,
    criterion,
    DataLoader(
        TensorDataset(
            ops.transpose(
                ops.convert_to_tensor(test_images, dtype="float32"), (0, 3, 1, 2)
            ),
            ops.ravel(ops.convert_to_tensor(test_labels, dtype="int64")),
        ),
        batch_size=16,
    ),
    sparse_accuracy,
)
print(test_accuracy)
