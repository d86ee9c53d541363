"""Decision "optimizer-step": Adam is not quite the same Adam in both frameworks.

They add epsilon in different places, which shows only in training. `nearest` takes the built-in one and notes
the difference; `faithful` writes a step of its own.
"""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.fit = nn.Linear(3, 1)

    def forward(self, x):
        return self.fit(x)


def train(model, loader, epochs=3):
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model.train()
    for epoch in range(epochs):
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}: {loss.item():.4f}")


if __name__ == "__main__":
    inputs = torch.randn(64, 3)
    targets = inputs.sum(dim=1, keepdim=True)
    train(Line(), DataLoader(TensorDataset(inputs, targets), batch_size=16))
