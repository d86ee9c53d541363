# Ported from callbacks_by_place.py (Keras) to PyTorch by Portolan.
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


# PORT: keras.callbacks.Callback has no counterpart
#     class Mine(keras.callbacks.Callback):
#         def on_epoch_end(self, epoch, logs=None):
#             print(epoch, logs["loss"])
pass


x = np.random.random((64, 8)).astype("float32")
y = np.random.randint(0, 3, (64,))
model = nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=-1))
criterion = ProbabilityCrossEntropy()
optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
# PORT: keras.callbacks.TensorBoard has no counterpart
#     board = TensorBoard("logs")
pass
check = ModelCheckpoint(
    "best.pth", monitor="val_loss", save_best_only=True, save_weights_only=True
)
stop = EarlyStopping(monitor="val_loss", patience=3)  # PORT: baseline of a callback has no counterpart
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x, dtype=torch.float32),
        torch.as_tensor(y, dtype=torch.long).flatten(),
    ),
    batch_size=32,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x, dtype=torch.float32),
        torch.as_tensor(y, dtype=torch.long).flatten(),
    ),
    batch_size=32,
)
callbacks = [check, stop, board, Mine()]
for epoch in range(2):
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
    logs = {
        "loss": running_loss, "val_loss": val_results[0], "val_accuracy": val_results[1]
    }
    if any(
        [callback.after_epoch(epoch, logs, model, optimizer) for callback in callbacks]
    ):
        break
for callback in callbacks:
    callback.after_training(model)
