# Ported from alexnet.tensorflow.functional.ported.py (Keras) to PyTorch by Portolan.
# Input: AlexNet.inputs=B,3,224,224
"""AlexNet in PyTorch: a Subclassing class around Sequential parts, with its training loop.

Shows a port where the channel order matters: the flatten after the last pooling keeps the source's
element order, so that the weights of the two networks stay interchangeable.
"""

import numpy as np
import torch
from torch import nn


class Dataset:
    """Items by number: a subclass says __len__ and __getitem__."""

    def __getitem__(self, index):
        raise NotImplementedError


class TensorDataset(Dataset):
    """Arrays of one length; an item is one row of each."""

    def __init__(self, *tensors):
        self.tensors = tuple(tensor.detach().cpu().numpy() for tensor in tensors)

    def __len__(self):
        return len(self.tensors[0])

    def __getitem__(self, index):
        return tuple(tensor[index] for tensor in self.tensors)


# PORT: keras.utils.PyDataset has no counterpart
#     class Permuted(keras.utils.PyDataset):
#         """The batches of a loader, with their axes in the order that the network takes."""
#     
#         def __init__(self, loader, inputs=None, targets=None):
#             super().__init__()
#             self.loader = loader
#             self.axes = (inputs, targets)
#     
#         def on_epoch_begin(self):
#             self.loader.on_epoch_begin()
#     
#         def __len__(self):
#             return len(self.loader)
#     
#         def __getitem__(self, index):
#             batch = self.loader[index]
#             return tuple(
#                 part if axes is None else np.transpose(part, axes)
#                 for part, axes in zip(batch, self.axes)
#             )
pass
# PORT: keras.utils.PyDataset has no counterpart
#     class DataLoader(keras.utils.PyDataset):
#         """Batches of a dataset, for a loop and for fit; shuffled anew in each epoch."""
#     
#         def __init__(
#             self, dataset, batch_size=1, shuffle=False, drop_last=False, collate_fn=None
#         ):
#             super().__init__()
#             self.dataset = dataset
#             self.batch_size = batch_size
#             self.shuffle = shuffle
#             self.drop_last = drop_last
#             self.collate = collate_fn or self.stack
#             self.on_epoch_begin()
#     
#         def on_epoch_begin(self):
#             count = len(self.dataset)
#             self.order = np.random.permutation(count) if self.shuffle else np.arange(count)
#     
#         def __len__(self):
#             count = len(self.dataset)
#             return (
#                 count // self.batch_size if self.drop_last else -(-count // self.batch_size)
#             )
#     
#         def __getitem__(self, index):
#             if not 0 <= index < len(self):
#                 raise IndexError(index)
#             rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
#             return self.collate([self.dataset[int(row)] for row in rows])
#     
#         def __iter__(self):
#             self.on_epoch_begin()
#             return (self[index] for index in range(len(self)))
#     
#         @staticmethod
#         def stack(items):
#             if not isinstance(items[0], (tuple, list)):
#                 return np.stack([keras.ops.convert_to_numpy(item) for item in items])
#             return tuple(DataLoader.stack(column) for column in zip(*items))
pass


BATCH_SIZE = 8
EPOCHS = 2
LEARNING_RATE = 0.01


class AlexNet(nn.Module):
    """One weird trick for parallelizing convolutional neural networks (Krizhevsky, 2014)."""

    def __init__(self, num_classes=1000, dropout=0.5):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 11, stride=4)
        self.pad = nn.ZeroPad2d(2)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(3, stride=2)
        self.conv2 = nn.Conv2d(64, 192, 5, padding="same")
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(3, stride=2)
        self.conv3 = nn.Conv2d(192, 384, 3, padding="same")
        self.relu3 = nn.ReLU()
        self.conv4 = nn.Conv2d(384, 256, 3, padding="same")
        self.relu4 = nn.ReLU()
        self.conv5 = nn.Conv2d(256, 256, 3, padding="same")
        self.relu5 = nn.ReLU()
        self.pool3 = nn.MaxPool2d(3, stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.dropout1 = nn.Dropout(dropout)
        self.dense1 = nn.Linear(9216, 4096)
        self.relu6 = nn.ReLU()
        self.dropout2 = nn.Dropout(dropout)
        self.dense2 = nn.Linear(4096, 4096)
        self.relu7 = nn.ReLU()
        self.dense3 = nn.Linear(4096, num_classes)

    def forward(self, inputs):
        x = self.conv1(self.pad(inputs))
        x = self.relu1(x)
        x = self.pool1(x)
        x = self.conv2(x)
        x = self.relu2(x)
        x = self.pool2(x)
        x = self.conv3(x)
        x = self.relu3(x)
        x = self.conv4(x)
        x = self.relu4(x)
        x = self.conv5(x)
        x = self.relu5(x)
        x = self.pool3(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        x = self.dropout1(x)
        x = self.dense1(x)
        x = self.relu6(x)
        x = self.dropout2(x)
        x = self.dense2(x)
        x = self.relu7(x)
        x = self.dense3(x)
        return x


def synthetic_images(count, num_classes):
    """Random images and labels, in place of a dataset."""
    images = torch.randn(count, 3, 224, 224)
    labels = torch.randint(0, num_classes, (count,))
    return TensorDataset(images, labels)


def train(model, loader, epochs=EPOCHS):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9)
    # PORT: data that brings its own targets
    #     model.fit(Permuted(loader, inputs=(0, 2, 3, 1)), epochs=epochs, shuffle=False)
    raise NotImplementedError("data that brings its own targets")


def evaluate(model, loader):
    correct = 0
    total = 0
    for images, labels in loader:
        # PORT: keras.ops.transpose has no counterpart
        #     outputs = model(ops.transpose(images, (0, 2, 3, 1)))
        raise NotImplementedError("keras.ops.transpose has no counterpart")
        predicted = torch.argmax(outputs, dim=1)
        total += labels.shape[0]
        correct += int(torch.sum(predicted == labels))
    print(f"accuracy {correct / total:.4f}")


if __name__ == "__main__":
    model = AlexNet(num_classes=10)
    print(
        model(torch.randn(1, 3, 224, 224).permute(0, 2, 3, 1).permute(0, 3, 1, 2)).shape
    )
    train_loader = DataLoader(
        synthetic_images(16, 10), batch_size=BATCH_SIZE, shuffle=True
    )
    test_loader = DataLoader(synthetic_images(8, 10), batch_size=BATCH_SIZE)
    train(model, train_loader)
    evaluate(model, test_loader)
