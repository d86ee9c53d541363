# Ported from callbacks.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,8
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


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


class Callback:
    """What a training loop calls; after_epoch returns True where the training ends."""

    def before_epoch(self, epoch, network, optimizer):
        pass

    def after_epoch(self, epoch, logs, network, optimizer):
        return False

    def after_training(self, network):
        pass

    def is_better(self, value, best):
        """By the sign of what is watched: accuracies rise, losses fall."""
        rises = self.mode == "max" or (self.mode == "auto" and "acc" in self.monitor)
        return value - self.min_delta > best if rises else value + self.min_delta < best


class EarlyStopping(Callback):
    """Ends the training where what is watched has not become better for a while."""

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        mode="auto",
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        self.monitor = monitor
        self.min_delta = abs(min_delta)
        self.patience = patience
        self.mode = mode
        self.restore = restore_best_weights
        self.start = start_from_epoch
        self.best = self.weights = None
        self.waiting = 0

    def after_epoch(self, epoch, logs, network, optimizer):
        if epoch < self.start:
            return False
        value = logs[self.monitor]
        self.waiting += 1
        if self.best is None or self.is_better(value, self.best):
            self.best, self.waiting = value, 0
            if self.restore:
                self.weights = {k: v.clone() for k, v in network.state_dict().items()}
            return False
        return self.waiting >= self.patience and epoch > 0

    def after_training(self, network):
        if self.weights is not None:
            network.load_state_dict(self.weights)


class ModelCheckpoint(Callback):
    """Saves the weights after each epoch, or after those that were the best so far."""

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
    ):
        self.filepath = filepath
        self.monitor = monitor
        self.best_only = save_best_only
        self.mode = mode
        self.min_delta = 0
        self.best = None

    def after_epoch(self, epoch, logs, network, optimizer):
        if self.best_only:
            value = logs[self.monitor]
            if self.best is not None and not self.is_better(value, self.best):
                return False
            self.best = value
        path = str(self.filepath).format(epoch=epoch + 1, **logs)
        torch.save(network.state_dict(), path)
        return False


class ReduceRate(Callback):
    """The learning rate falls where what is watched has not become better for a while."""

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0.0,
    ):
        self.monitor = monitor
        self.factor = factor
        self.patience = patience
        self.mode = mode
        self.min_delta = min_delta
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.best = None
        self.waiting = self.resting = 0

    def after_epoch(self, epoch, logs, network, optimizer):
        value = logs[self.monitor]
        if self.resting > 0:
            self.resting -= 1
            self.waiting = 0
        if self.best is None or self.is_better(value, self.best):
            self.best, self.waiting = value, 0
        elif self.resting == 0:
            self.waiting += 1
            if self.waiting >= self.patience:
                for group in optimizer.param_groups:
                    group["lr"] = max(group["lr"] * self.factor, self.min_lr)
                self.resting, self.waiting = self.cooldown, 0
        return False


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


def predict_batches(model, inputs, batch_size=32):
    """What the model gives for all inputs, as one array."""
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part) for part in inputs.split(batch_size)]).numpy()


x_train = np.random.random((64, 8)).astype("float32")
y_train = np.random.randint(0, 3, (64,))
x_val = np.random.random((32, 8)).astype("float32")
y_val = np.random.randint(0, 3, (32,))

model = nn.Sequential(
    nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3), nn.Softmax(dim=-1)
)
criterion = ProbabilityCrossEntropy()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, eps=1e-7)
callbacks = [
    EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True),
    ModelCheckpoint("best.pth", save_best_only=True),
    ReduceRate(factor=0.5, patience=2),
]
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x_train, dtype=torch.float32),
        torch.as_tensor(y_train, dtype=torch.long).flatten(),
    ),
    batch_size=16,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x_val, dtype=torch.float32),
        torch.as_tensor(y_val, dtype=torch.long).flatten(),
    ),
    batch_size=16,
)
history = {"loss": [], "val_loss": [], "val_accuracy": []}
for epoch in range(5):
    for callback in callbacks:
        callback.before_epoch(epoch, model, optimizer)
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
    history["loss"].append(running_loss)
    history["val_loss"].append(val_results[0])
    history["val_accuracy"].append(val_results[1])
    logs = {
        "loss": running_loss, "val_loss": val_results[0], "val_accuracy": val_results[1]
    }
    if any(
        [callback.after_epoch(epoch, logs, model, optimizer) for callback in callbacks]
    ):
        break
for callback in callbacks:
    callback.after_training(model)
score = evaluate_model(
    model,
    criterion,
    DataLoader(
        TensorDataset(
            torch.as_tensor(x_val, dtype=torch.float32),
            torch.as_tensor(y_val, dtype=torch.long).flatten(),
        ),
        batch_size=32,
    ),
    sparse_accuracy,
)
print("loss", score[0], "accuracy", score[1])
pred = predict_batches(model, torch.as_tensor(x_val, dtype=torch.float32))
print(np.argmax(pred, axis=1)[:5], history["val_accuracy"][-1])
