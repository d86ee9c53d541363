# Ported from own_measures.py (Keras) to PyTorch by Portolan.
# Input: Unet.inputs=B,1,32,32
import torch
import torch.nn.functional as F
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


smooth = 1.

def dice_coef(y_true, y_pred):
    y_true_f = torch.flatten(y_true)
    y_pred_f = torch.flatten(y_pred)
    intersection = torch.sum(y_true_f * y_pred_f)
    return (
        (2. * intersection + smooth)
        / (torch.sum(y_true_f) + torch.sum(y_pred_f) + smooth)
    )


def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding="same")
        self.conv3 = nn.Conv2d(8, 8, 3, padding="same")
        self.pool = nn.MaxPool2d(2)
        self.conv4 = nn.Conv2d(8, 16, 3, padding="same")
        self.conv5 = nn.Conv2d(16, 16, 3, padding="same")
        self.upconv = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.conv6 = nn.Conv2d(16, 8, 3, padding="same")
        self.conv7 = nn.Conv2d(8, 1, 1)

    def forward(self, inputs):
        conv1 = F.relu(self.conv(inputs))
        conv1 = F.relu(self.conv3(conv1))
        pool1 = self.pool(conv1)
        conv2 = F.relu(self.conv4(pool1))
        conv2 = F.relu(self.conv5(conv2))
        up9 = torch.cat([self.upconv(conv2), conv1], dim=1)
        conv9 = F.relu(self.conv6(up9))
        conv10 = torch.sigmoid(self.conv7(conv9))
        return conv10


def get_unet(img_rows=32, img_cols=32):
    model = Unet()
    criterion = FunctionLoss(dice_coef_loss)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-5, eps=1e-7)
    model.compiled = criterion, optimizer
    return model


model = get_unet()
import numpy as np
x = np.zeros((4, 32, 32, 1), "float32")
y = np.ones((4, 32, 32, 1), "float32")
criterion, optimizer = model.compiled
split = int(len(x) * (1 - 0.5))
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x[:split], dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(y[:split], dtype=torch.float32).permute(0, 3, 1, 2),
    ),
    batch_size=2,
    shuffle=True,
)
val_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(x[split:], dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(y[split:], dtype=torch.float32).permute(0, 3, 1, 2),
    ),
    batch_size=2,
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
    val_results = evaluate_model(model, criterion, val_loader, FunctionLoss(dice_coef))
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}, validation", val_results)
