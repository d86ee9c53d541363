# Ported from alexnet.py (PyTorch) to PyTorch by Portolan.
# Input: AlexNet.x=B,3,224,224
"""AlexNet in PyTorch: a Subclassing class around Sequential parts, with its training loop.

Shows a port where the channel order matters: the flatten after the last pooling keeps the source's
element order, so that the weights of the two networks stay interchangeable.
"""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

BATCH_SIZE = 8
EPOCHS = 2
LEARNING_RATE = 0.01


def AlexNet(num_classes=1000, dropout=0.5):
    """One weird trick for parallelizing convolutional neural networks (Krizhevsky, 2014)."""
    return nn.Sequential(
        nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(64, 192, kernel_size=5, padding=2),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(192, 384, kernel_size=3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(384, 256, kernel_size=3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(256, 256, kernel_size=3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.AdaptiveAvgPool2d((6, 6)),
        nn.Flatten(),
        nn.Dropout(p=dropout),
        nn.Linear(256 * 6 * 6, 4096),
        nn.ReLU(inplace=True),
        nn.Dropout(p=dropout),
        nn.Linear(4096, 4096),
        nn.ReLU(inplace=True),
        nn.Linear(4096, num_classes),
    )


def synthetic_images(count, num_classes):
    """Random images and labels, in place of a dataset."""
    images = torch.randn(count, 3, 224, 224)
    labels = torch.randint(0, num_classes, (count,))
    return TensorDataset(images, labels)


def train(model, loader, epochs=EPOCHS):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=0.9)
    model.train()
    for epoch in range(epochs):
        running_loss = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            outputs = model(images)
            loss = criterion(outputs, labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        print(f"epoch {epoch + 1}: loss {running_loss / len(loader):.4f}")


def evaluate(model, loader):
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for images, labels in loader:
            outputs = model(images)
            predicted = outputs.argmax(dim=1)
            total += labels.size(0)
            correct += (predicted == labels).sum().item()
    print(f"accuracy {correct / total:.4f}")


if __name__ == "__main__":
    model = AlexNet(num_classes=10)
    print(model(torch.randn(1, 3, 224, 224)).shape)
    train_loader = DataLoader(
        synthetic_images(16, 10), batch_size=BATCH_SIZE, shuffle=True
    )
    test_loader = DataLoader(synthetic_images(8, 10), batch_size=BATCH_SIZE)
    train(model, train_loader)
    evaluate(model, test_loader)
