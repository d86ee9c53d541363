# Ported from keras_validation_split.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,3
# Input: other.x=B,3
# The last part of the data is held back; a loss that is a function of the file.
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class FunctionLoss(nn.Module):
    """The mean of what a function of targets and outputs gives, as compile() takes a loss of one's own."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, outputs, targets):
        if targets.dim() == 1 and outputs.dim() == 2:
            targets = targets.unsqueeze(-1)
        return self.function(targets, outputs).mean()


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


def mean_absolute_error(outputs, targets):
    """The mean of the absolute differences."""
    return (outputs - targets).abs().mean()


def own_loss(y_true, y_pred):
    return (
        torch.mean(torch.square(y_true - y_pred)) + 0.1 * torch.mean(torch.abs(y_pred))
    )


model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
model_criterion = FunctionLoss(own_loss)
model_optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
x = np.random.rand(40, 3).astype("float32")
y = np.random.rand(40).astype("float32")
split = int(len(x) * (1 - 0.25))
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x[:split], dtype=torch.float32),
        torch.as_tensor(y[:split], dtype=torch.float32).reshape(-1, 1),
    ),
    batch_size=8,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x[split:], dtype=torch.float32),
        torch.as_tensor(y[split:], dtype=torch.float32).reshape(-1, 1),
    ),
    batch_size=8,
)
for epoch in range(2):
    model.train()
    running_loss = 0.0
    for inputs, targets in train_loader:
        model_optimizer.zero_grad()
        batch_loss = model_criterion(model(inputs), targets)
        batch_loss.backward()
        model_optimizer.step()
        running_loss += batch_loss.item() * len(inputs)
    running_loss /= len(train_loader.dataset)
    val_results = evaluate_model(model, model_criterion, val_loader)
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}, validation", val_results)

other = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
other_criterion = nn.MSELoss()
other_optimizer = torch.optim.SGD(other.parameters(), lr=0.01)
split = int(len(x) * (1 - 0.1))
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x[:split], dtype=torch.float32),
        torch.as_tensor(y[:split], dtype=torch.float32).reshape(-1, 1),
    ),
    batch_size=32,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x[split:], dtype=torch.float32),
        torch.as_tensor(y[split:], dtype=torch.float32).reshape(-1, 1),
    ),
    batch_size=32,
)
for epoch in range(1):
    other.train()
    running_loss = 0.0
    for inputs, targets in train_loader:
        other_optimizer.zero_grad()
        batch_loss = other_criterion(other(inputs), targets)
        batch_loss.backward()
        other_optimizer.step()
        running_loss += batch_loss.item() * len(inputs)
    running_loss /= len(train_loader.dataset)
    val_results = evaluate_model(
        other, other_criterion, val_loader, mean_absolute_error
    )
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}, validation", val_results)
