# Ported from compile_defaults.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,4
"""compile() without an optimizer takes the one that it takes when nobody says."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
train_loader = DataLoader(
    TensorDataset(
        torch.as_tensor(np.ones((8, 4), "float32"), dtype=torch.float32),
        torch.as_tensor(np.ones((8, 1), "float32"), dtype=torch.float32).reshape(-1, 1),
    ),
    batch_size=32,
    shuffle=True,
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
    print(f"epoch {epoch + 1}: loss {running_loss:.4f}")
