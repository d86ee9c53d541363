# Ported from own_loss_images.py (Keras) to PyTorch by Portolan.
# Input: Net.inputs=B,3,8,8
# Losses of the file's own on images, which the port holds in another order: their items and axes go with the output's.
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


def dice(y_true, y_pred):
    inter = torch.sum(y_true * y_pred, dim=(2, 3))
    return 1 - torch.mean(inter / (torch.sum(y_true, dim=(2, 3)) + 1.0))


def first(y_true, y_pred):
    return torch.mean(torch.square(y_true[:, 0] - y_pred[:, 0]))


def make(alpha):
    def loss(y_true, y_pred):
        a = y_pred[:, 1]
        return alpha * torch.mean(a) + torch.sum(y_true, dim=1)
    return loss


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 3, padding="same")

    def forward(self, inputs):
        return self.conv(inputs)


model = Net()
x = np.zeros((4, 8, 8, 3), "float32")
y = np.zeros((4, 8, 8, 2), "float32")
criterion = FunctionLoss(dice)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x, dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(y, dtype=torch.float32).permute(0, 3, 1, 2),
    ),
    batch_size=32,
    shuffle=True,
)
for epoch in range(1):
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
criterion = FunctionLoss(first)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x, dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(y, dtype=torch.float32).permute(0, 3, 1, 2),
    ),
    batch_size=32,
    shuffle=True,
)
for epoch in range(1):
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
criterion = FunctionLoss(make(0.2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
