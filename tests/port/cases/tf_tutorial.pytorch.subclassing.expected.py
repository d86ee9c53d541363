# Ported from tf_tutorial.py (Keras) to PyTorch by Portolan.
# Input: Network.x=B,3,32,32
"""The small convolutional network of TensorFlow's image tutorial, as a Keras Sequential.

Shows a Sequential that grows by .add, a loss on logits, and compile/fit/evaluate, which become a training
loop in PyTorch.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def sparse_accuracy(outputs, targets):
    """The share of inputs whose largest output is that of their class."""
    return (outputs.argmax(1) == targets).float().mean()


def evaluate_model(model, criterion, loader, *metrics):
    """The mean loss over a loader; with metrics, a list of the loss and each of them."""
    model.eval()
    sums, count = [0.0] * (1 + len(metrics)), 0
    with torch.no_grad():
        for inputs, targets in loader:
            outputs = model(inputs)
            values = [measure(outputs, targets) for measure in (criterion, *metrics)]
            sums = [s + v.item() * len(inputs) for s, v in zip(sums, values)]
            count += len(inputs)
    means = [s / count for s in sums]
    return means if metrics else means[0]


# Random images and labels, in place of a dataset.
train_images = np.random.rand(64, 32, 32, 3).astype("float32")
train_labels = np.random.randint(0, 10, size=(64,))
test_images = np.random.rand(32, 32, 32, 3).astype("float32")
test_labels = np.random.randint(0, 10, size=(32,))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3)
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.pool2 = nn.MaxPool2d(2)
        self.conv3 = nn.Conv2d(64, 64, 3)
        self.flatten1 = nn.Flatten()
        self.linear1 = nn.Linear(1024, 64)
        self.linear2 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = self.pool1(x)
        x = F.relu(self.conv2(x))
        x = self.pool2(x)
        x = F.relu(self.conv3(x))
        x = self.flatten1(x.permute(0, 2, 3, 1))
        x = F.relu(self.linear1(x))
        return self.linear2(x)


model = Network()

print(model)

criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)

train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(train_images, dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(train_labels, dtype=torch.long).flatten(),
    ),
    batch_size=16,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(test_images, dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(test_labels, dtype=torch.long).flatten(),
    ),
    batch_size=16,
)
for epoch in range(2):
    model.train()
    running_loss = 0.0
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        batch_loss = criterion(model(inputs), targets)
        batch_loss.backward()
        optimizer.step()
        running_loss += batch_loss.item() * len(inputs)
    running_loss /= len(train_loader.dataset)
    val_results = evaluate_model(model, criterion, val_loader, sparse_accuracy)
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}, validation", val_results)

test_loss, test_accuracy = evaluate_model(
    model,
    criterion,
    DataLoader(
        TensorDataset(
            torch.as_tensor(test_images, dtype=torch.float32).permute(0, 3, 1, 2),
            torch.as_tensor(test_labels, dtype=torch.long).flatten(),
        ),
        batch_size=16,
    ),
    sparse_accuracy,
)
print(test_accuracy)
