# Ported from cnn_rnn.py (Keras) to PyTorch by Portolan.
# Input: CNNRNN.inputs=B,200:int32
"""A text classifier in TensorFlow whose two convolutions of different width run side by side.

Shows a network that is not sequential: two branches are concatenated on the feature axis, which is
another axis in PyTorch.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Concatenate(nn.Module):
    """Joins a list of tensors along an axis."""

    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, tensors):
        return torch.cat(tensors, dim=self.dim)


def binary_accuracy(outputs, targets, threshold=0.5):
    """The share of outputs on the target's side of the threshold."""
    return ((outputs > threshold) == (targets > 0.5)).float().mean()


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


VOCABULARY = 5000
LENGTH = 200
BATCH_SIZE = 8
EPOCHS = 2


class CNNRNN(nn.Module):
    """Two convolutional branches over embedded words, then a GRU."""

    def __init__(self, vocabulary=VOCABULARY, filters=200):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 50)
        self.dropout1 = nn.Dropout()
        self.conv1 = nn.Conv1d(50, filters, 4)
        self.pool1 = nn.MaxPool1d(2)
        self.conv2 = nn.Conv1d(50, filters, 5)
        self.pool2 = nn.MaxPool1d(2)
        self.concat = Concatenate(1)
        self.dropout2 = nn.Dropout(0.15)
        self.gru = nn.GRU(filters + filters, 100, batch_first=True)
        self.dense1 = nn.Linear(100, 400)
        self.dropout3 = nn.Dropout(0.1)
        self.dense2 = nn.Linear(400, 1)

    def forward(self, inputs):
        x = self.embedding(inputs).permute(0, 2, 1)
        x = self.dropout1(x)
        a = self.pool1(F.relu(self.conv1(x)))
        b = self.pool2(F.relu(self.conv2(x)))
        x = self.concat([a, b])
        x = self.dropout2(x)
        x = self.gru(x.permute(0, 2, 1))[0][:, -1]
        x = F.relu(self.dense1(x))
        x = self.dropout3(x)
        return torch.sigmoid(self.dense2(x))


def synthetic_texts(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count, 1)).astype("float32")
    return words, labels


if __name__ == "__main__":
    model = CNNRNN()
    print(model)
    criterion = nn.BCELoss()
    optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
    x_train, y_train = synthetic_texts(32)
    x_test, y_test = synthetic_texts(16)
    train_loader = DataLoader(
        TensorDataset(
            torch.as_tensor(x_train, dtype=torch.long),
            torch.as_tensor(y_train, dtype=torch.float32).reshape(-1, 1),
        ),
        batch_size=BATCH_SIZE,
        shuffle=True,
    )
    for epoch in range(EPOCHS):
        model.train()
        running_loss = 0.0
        for inputs, targets in train_loader:
            optimizer.zero_grad()
            batch_loss = criterion(model(inputs), targets)
            batch_loss.backward()
            optimizer.step()
            running_loss += batch_loss.item() * len(inputs)
        running_loss /= len(train_loader.dataset)
        print(f"epoch {epoch + 1}: loss {running_loss:.4f}")
    loss, accuracy = evaluate_model(
        model,
        criterion,
        DataLoader(
            TensorDataset(
                torch.as_tensor(x_test, dtype=torch.long),
                torch.as_tensor(y_test, dtype=torch.float32).reshape(-1, 1),
            ),
            batch_size=BATCH_SIZE,
        ),
        binary_accuracy,
    )
    print(f"accuracy {accuracy:.4f}")
