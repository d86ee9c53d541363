# Ported from vgg16.tensorflow.sequential.ported.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,3,H,W
"""VGG16 in PyTorch: thirteen convolutions in five blocks, then three linear layers.

Shows a deep plain network written out layer by layer, and a training loop at the end of the file.
"""

import numpy as np
import torch
from torch import nn


class Permute(nn.Module):
    """Permutes the axes behind the batch; they count from 1."""

    def __init__(self, dims):
        super().__init__()
        self.dims = tuple(dims)

    def forward(self, x):
        return x.permute(0, *self.dims)


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


# PORT: keras.optimizers.Optimizer has no counterpart
#     class TorchSGD(keras.optimizers.Optimizer):
#         """SGD as PyTorch takes it: coupled weight decay, a velocity without the rate."""
#     
#         def __init__(
#             self, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False
#         ):
#             super().__init__(learning_rate=lr, name="torch_sgd")
#             self.momentum = momentum
#             self.dampening = dampening
#             self.decay = weight_decay
#             self.nesterov = nesterov
#     
#         def build(self, variables):
#             if self.built:
#                 return
#             super().build(variables)
#             self.velocities = [
#                 self.add_variable_from_reference(variable, name="velocity")
#                 for variable in variables
#             ]
#     
#         def update_step(self, gradient, variable, learning_rate):
#             ops = keras.ops
#             rate = ops.cast(learning_rate, variable.dtype)
#             gradient = ops.cast(gradient, variable.dtype) + self.decay * variable
#             if self.momentum:
#                 velocity = self.velocities[self._get_variable_index(variable)]
#                 fresh = (
#                     1.0
#                     if self.dampening == 0.0
#                     else ops.where(self.iterations == 0, 1.0, 1.0 - self.dampening)
#                 )
#                 self.assign(velocity, self.momentum * velocity + fresh * gradient)
#                 gradient = (
#                     gradient + self.momentum * velocity if self.nesterov else velocity
#                 )
#             self.assign_sub(variable, rate * gradient)
pass
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


NUM_CLASSES = 10
BATCH_SIZE = 4
EPOCHS = 1


def VGG16(num_classes=1000):
    """Very Deep Convolutional Networks for Large-Scale Image Recognition, configuration D."""
    return nn.Sequential(
        nn.Conv2d(3, 64, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(64, 64, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(128, 128, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(128, 256, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(256, 512, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(512, 512, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(512, 512, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(512, 512, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(512, 512, 3, padding="same"),
        nn.ReLU(),
        nn.Conv2d(512, 512, 3, padding="same"),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.AdaptiveAvgPool2d(7),
        Permute((2, 3, 1)),
        Permute((3, 1, 2)),
        nn.Flatten(),
        nn.Linear(25088, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Dropout(),
        nn.Linear(4096, num_classes),
    )


def main():
    model = VGG16(num_classes=NUM_CLASSES)

    # Random images and labels, in place of a dataset.
    images = torch.randn(8, 3, 224, 224)
    labels = torch.randint(0, NUM_CLASSES, (8,))
    loader = DataLoader(
        TensorDataset(images, labels), batch_size=BATCH_SIZE, shuffle=True
    )

    criterion = nn.CrossEntropyLoss()
    optimizer = TorchSGD(lr=0.01, momentum=0.9, weight_decay=5e-4)
    # PORT: an optimizer that no rule knows
    #     model.compile(optimizer=optimizer, loss=criterion)
    raise NotImplementedError("an optimizer that no rule knows")
    # PORT: data that brings its own targets
    #     model.fit(Permuted(loader, inputs=(0, 2, 3, 1)), epochs=EPOCHS, shuffle=False)
    raise NotImplementedError("data that brings its own targets")

    correct = 0
    for inputs, targets in loader:
        # PORT: keras.ops.transpose has no counterpart
        #     correct += int(
        #                 ops.sum(
        #                     ops.argmax(model(ops.transpose(inputs, (0, 2, 3, 1))), axis=1)
        #                     == targets
        #                 )
        #             )
        raise NotImplementedError("keras.ops.transpose has no counterpart")
    print(f"accuracy {correct / len(loader.dataset):.4f}")


if __name__ == "__main__":
    main()
