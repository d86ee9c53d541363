# Ported from activation.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,16
"""Decision "activation": which activation a layer has is known only when the network is built.

A Keras Sequential within a plain class, its activation an attribute set from a constructor argument. The
port keeps it dynamic, turns it into a table of the values found, or fixes it to one.
"""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def resolve_activation(name):
    """The module for an activation given by name, by function or as a module."""
    if name is None:
        return nn.Identity()
    if isinstance(name, nn.Module):
        return name
    names = {
        "linear": nn.Identity,
        "relu": nn.ReLU,
        "relu6": nn.ReLU6,
        "leaky_relu": lambda: nn.LeakyReLU(0.2),
        "elu": nn.ELU,
        "selu": nn.SELU,
        "celu": nn.CELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "swish": nn.SiLU,
        "mish": nn.Mish,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "log_sigmoid": nn.LogSigmoid,
        "hard_sigmoid": nn.Hardsigmoid,
        "hard_swish": nn.Hardswish,
        "softplus": nn.Softplus,
        "softsign": nn.Softsign,
        "softmax": lambda: nn.Softmax(dim=-1),
        "log_softmax": lambda: nn.LogSoftmax(dim=-1),
    }
    if isinstance(name, str):
        if name not in names:
            raise ValueError(f"unknown activation {name!r}")
        return names[name]()

    class Function(nn.Module):
        def forward(self, x):
            return name(x)

    return Function()


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


class Classifier:
    def __init__(self, activation="relu", num_classes=3):
        self.activation = activation
        self.model = nn.Sequential(
            nn.Linear(16, 32),
            resolve_activation(self.activation),
            nn.Linear(32, 32),
            resolve_activation(self.activation),
            nn.Linear(32, num_classes),
            nn.Softmax(dim=-1),
        )

    def train(self, x, y, epochs=2):
        criterion = ProbabilityCrossEntropy()
        optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01)
        train_loader = DataLoader(
            TensorDataset(
                torch.as_tensor(x, dtype=torch.float32),
                torch.as_tensor(y, dtype=torch.long).flatten(),
            ),
            batch_size=8,
            shuffle=True,
        )
        for epoch in range(epochs):
            self.model.train()
            running_loss = 0.0
            for inputs, targets in train_loader:
                optimizer.zero_grad()
                batch_loss = criterion(self.model(inputs), targets)
                batch_loss.backward()
                optimizer.step()
                running_loss += batch_loss.item() * len(inputs)
            running_loss /= len(train_loader.dataset)
            print(f"epoch {epoch + 1}: loss {running_loss:.4f}")


if __name__ == "__main__":
    classifier = Classifier(activation="tanh")
    classifier.train(np.random.rand(32, 16), np.random.randint(0, 3, size=(32,)))
