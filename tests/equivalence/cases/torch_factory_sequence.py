# A function gives back the network, and is called with a name of the file, in another function.
import torch
from torch import nn

CLASSES = 5


def Net(num_classes):
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, num_classes))


def main():
    model = Net(num_classes=CLASSES)
    print(model(torch.randn(2, 3, 8, 8)).shape)


if __name__ == "__main__":
    main()
