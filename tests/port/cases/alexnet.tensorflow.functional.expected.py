# Ported from alexnet.py (PyTorch) to Keras by Portolan.
# Input: AlexNet.x=B,224,224,3
"""AlexNet in PyTorch: a Subclassing class around Sequential parts, with its training loop.

Shows a port where the channel order matters: the flatten after the last pooling keeps the source's
element order, so that the weights of the two networks stay interchangeable.
"""

import keras
import numpy as np
from keras import layers, ops


def flatten(x, start_dim=0, end_dim=-1):
    """Joins neighbouring axes."""
    rank = len(x.shape)
    shape = ops.shape(x)
    first, last = start_dim % rank, end_dim % rank
    if first == 0 or all(isinstance(n, int) for n in shape[:first] + shape[last + 1 :]):
        return ops.reshape(x, (*shape[:first], -1, *shape[last + 1 :]))
    size = 1
    for n in shape[first : last + 1]:
        size = size * n
    outer = [-1 if n is None else n for n in (*shape[:first], *shape[last + 1 :])]
    return ops.reshape(x, (*outer[:first], size, *outer[first:]))


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


class Permuted(keras.utils.PyDataset):
    """The batches of a loader, with their axes in the order that the network takes."""

    def __init__(self, loader, inputs=None, targets=None):
        super().__init__()
        self.loader = loader
        self.axes = (inputs, targets)

    def on_epoch_begin(self):
        self.loader.on_epoch_begin()

    def __len__(self):
        return len(self.loader)

    def __getitem__(self, index):
        batch = self.loader[index]
        return tuple(
            part if axes is None else np.transpose(part, axes)
            for part, axes in zip(batch, self.axes)
        )


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


BATCH_SIZE = 8
EPOCHS = 2
LEARNING_RATE = 0.01


def AlexNet(num_classes=1000, dropout=0.5):
    """One weird trick for parallelizing convolutional neural networks (Krizhevsky, 2014)."""
    inputs = keras.Input(shape=(224, 224, 3))
    x = layers.Conv2D(64, 11, strides=4, name="conv1")(layers.ZeroPadding2D(2)(inputs))
    x = layers.ReLU(name="relu1")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    x = layers.Conv2D(192, 5, padding="same", name="conv2")(x)
    x = layers.ReLU(name="relu2")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool2")(x)
    x = layers.Conv2D(384, 3, padding="same", name="conv3")(x)
    x = layers.ReLU(name="relu3")(x)
    x = layers.Conv2D(256, 3, padding="same", name="conv4")(x)
    x = layers.ReLU(name="relu4")(x)
    x = layers.Conv2D(256, 3, padding="same", name="conv5")(x)
    x = layers.ReLU(name="relu5")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool3")(x)
    x = layers.AdaptiveAveragePooling2D(6, name="avgpool")(x)
    x = flatten(ops.transpose(x, (0, 3, 1, 2)), 1)
    x = layers.Dropout(dropout, name="dropout1")(x)
    x = layers.Dense(4096, name="dense1")(x)
    x = layers.ReLU(name="relu6")(x)
    x = layers.Dropout(dropout, name="dropout2")(x)
    x = layers.Dense(4096, name="dense2")(x)
    x = layers.ReLU(name="relu7")(x)
    x = layers.Dense(num_classes, name="dense3")(x)
    return keras.Model(inputs, x)


def synthetic_images(count, num_classes):
    """Random images and labels, in place of a dataset."""
    images = keras.random.normal((count, 3, 224, 224))
    labels = keras.random.randint((count,), 0, num_classes)
    return TensorDataset(images, labels)


def train(model, loader, epochs=EPOCHS):
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(learning_rate=LEARNING_RATE, momentum=0.9)
    model.compile(optimizer=optimizer, loss=criterion)
    model.fit(Permuted(loader, inputs=(0, 2, 3, 1)), epochs=epochs, shuffle=False)


def evaluate(model, loader):
    correct = 0
    total = 0
    for images, labels in loader:
        outputs = model(ops.transpose(images, (0, 2, 3, 1)))
        predicted = ops.argmax(outputs, axis=1)
        total += labels.shape[0]
        correct += int(ops.sum(predicted == labels))
    print(f"accuracy {correct / total:.4f}")


if __name__ == "__main__":
    model = AlexNet(num_classes=10)
    print(
        ops.shape(
            model(ops.transpose(keras.random.normal((1, 3, 224, 224)), (0, 2, 3, 1)))
        )
    )
    train_loader = DataLoader(
        synthetic_images(16, 10), batch_size=BATCH_SIZE, shuffle=True
    )
    test_loader = DataLoader(synthetic_images(8, 10), batch_size=BATCH_SIZE)
    train(model, train_loader)
    evaluate(model, test_loader)
