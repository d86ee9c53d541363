# Ported from graphs.predict.pytorch.py (Keras) to PyTorch by Portolan.
# Input: Auto.inputs=B,3,8,8
"""What a part of a network predicts, arrays in and out in the order of the source."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def predict_batches(model, inputs, batch_size=32):
    """What the model gives for all inputs, as one array."""
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part) for part in inputs.split(batch_size)]).numpy()


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding="same")

    def forward(self, inputs):
        code = F.relu(self.conv(inputs))
        return code


encoder = Encoder()


class Auto(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.conv = nn.Conv2d(4, 3, 3, padding="same")

    def forward(self, inputs):
        code = self.encoder(inputs)
        decoded = self.conv(code)
        return decoded


auto = Auto(encoder)

images = np.zeros((5, 8, 8, 3), "float32")
codes = predict_batches(
    encoder, torch.as_tensor(images, dtype=torch.float32).permute(0, 3, 1, 2)
).transpose(0, 2, 3, 1)
print(
    codes[..., 0].mean(),
    predict_batches(
        auto, torch.as_tensor(images, dtype=torch.float32).permute(0, 3, 1, 2)
    ).transpose(0, 2, 3, 1).shape,
)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(auto.parameters(), eps=1e-7)
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(images, dtype=torch.float32).permute(0, 3, 1, 2),
        torch.as_tensor(images, dtype=torch.float32).permute(0, 3, 1, 2),
    ),
    batch_size=4,
    shuffle=True,
)
history = {"loss": []}
for epoch in range(1):
    auto.train()
    running_loss = 0.0
    for inputs, targets in train_loader:
        optimizer.zero_grad()
        batch_loss = criterion(auto(inputs), targets)
        batch_loss.backward()
        optimizer.step()
        running_loss += batch_loss.item() * len(inputs)
    running_loss /= len(train_loader.dataset)
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}")
    history["loss"].append(running_loss)
print(len(history["loss"]), history["loss"][0])
