# Ported from lstm.py (Keras) to PyTorch by Portolan.
# Input: SentimentLSTM.inputs=B,100:int32
"""A sentiment classifier in TensorFlow: a bidirectional LSTM under a plain one, on word indices.

Shows recurrent layers, whose PyTorch counterparts need an input size that this file never says: it is
traced from the input's shape.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class InputDropout(nn.Module):
    """Dropout on a sequence (N, T, F) with one mask for all steps."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * F.dropout(torch.ones_like(x[:, :1]), self.p, self.training)


class Sequences(nn.Module):
    """The outputs of a recurrent layer at every step, without its states."""

    def forward(self, result):
        return result[0]


class LastStep(nn.Module):
    """The output of a recurrent layer at the last step."""

    def forward(self, result):
        return result[0][:, -1]


class ProbabilityCrossEntropy(nn.Module):
    """Cross entropy of probabilities, scaled to a sum of one and kept from 0 and 1."""

    def __init__(self, dim=1, label_smoothing=0.0):
        super().__init__()
        self.dim = dim
        self.label_smoothing = label_smoothing

    def forward(self, outputs, targets):
        p = outputs / outputs.sum(self.dim, keepdim=True)
        log_p = p.clamp(1e-7, 1 - 1e-7).log()
        if not targets.is_floating_point():
            return -log_p.gather(self.dim, targets.unsqueeze(self.dim)).mean()
        if self.label_smoothing:
            classes = targets.shape[self.dim]
            targets = (
                targets * (1 - self.label_smoothing) + self.label_smoothing / classes
            )
        return -(targets * log_p).sum(self.dim).mean()


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


VOCABULARY = 10000
LENGTH = 100
BATCH_SIZE = 8
EPOCHS = 2


def SentimentLSTM(vocabulary=VOCABULARY, num_classes=2):
    """Embedding, bidirectional LSTM over the full sequence, LSTM, two dense layers."""
    return nn.Sequential(
        nn.Embedding(vocabulary, 326),
        InputDropout(0.5),
        nn.LSTM(326, 40, batch_first=True, bidirectional=True),
        Sequences(),
        nn.Dropout(0.2),
        InputDropout(0.2),
        nn.LSTM(80, 40, batch_first=True),
        LastStep(),
        nn.Linear(40, 40),
        nn.ReLU(),
        nn.Linear(40, num_classes),
        nn.Softmax(dim=-1),
    )


def synthetic_reviews(count):
    """Random word indices and labels, in place of a dataset."""
    words = np.random.randint(0, VOCABULARY, size=(count, LENGTH))
    labels = np.random.randint(0, 2, size=(count,))
    return words, labels


if __name__ == "__main__":
    model = SentimentLSTM()
    model(torch.zeros(1, LENGTH, dtype=torch.int32))
    print(model)
    criterion = ProbabilityCrossEntropy()
    optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
    x_train, y_train = synthetic_reviews(32)
    x_test, y_test = synthetic_reviews(16)
    train_loader = DataLoader(
        TensorDataset(
            torch.as_tensor(x_train, dtype=torch.long),
            torch.as_tensor(y_train, dtype=torch.long).flatten(),
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
                torch.as_tensor(y_test, dtype=torch.long).flatten(),
            ),
            batch_size=BATCH_SIZE,
        ),
        sparse_accuracy,
    )
    print(f"accuracy {accuracy:.4f}")
