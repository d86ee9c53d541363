# Ported from factory_effects.py (Keras) to PyTorch by Portolan.
# Input: Base.inputs=B,3,16,16
# Input: Base.inputs=B,16,16,3
import torch
import torch.nn.functional as F
from torch import nn


class Unported(nn.Module):
    """Stands where nothing could be ported; raises when it is reached."""

    def __init__(self, what):
        super().__init__()
        self.what = what

    def forward(self, *inputs):
        raise NotImplementedError(self.what)


class Concatenate(nn.Module):
    """Joins a list of tensors along an axis."""

    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, tensors):
        return torch.cat(tensors, dim=self.dim)


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv2d = nn.Conv2d(3, 8, 3, padding="same")
        self.conv2d_1 = nn.Conv2d(8, 16, 3, padding="same")

    def forward(self, inputs):
        x = F.relu(self.conv2d(inputs))
        return F.relu(self.conv2d_1(x))


def Net(width, base):
    # PORT: keras.layers.Input has no counterpart
    #     inputs = Input(shape=(16, 16, 3))
    raise NotImplementedError("keras.layers.Input has no counterpart")
    # PORT: output of a module has no counterpart; layers of a module has no counterpart
    #     x = Concatenate()([base.output, base.layers[-2].output])
    raise NotImplementedError(
        "output of a module has no counterpart; layers of a module has no counterpart"
    )
    x = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())(x)
    # PORT: PyTorch has no counterpart for Model
    #     return Model(inputs, Dense(width)(x))
    raise NotImplementedError("PyTorch has no counterpart for Model")


def build(width):
    base = Base()
    base.requires_grad_(False)
    # PORT: layers of a module has no counterpart
    #     for layer in base.layers[:2]:
    #             layer.trainable = False
    raise NotImplementedError("layers of a module has no counterpart")
    model = Net(width, base)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), eps=1e-7)
    print("built", width)
    open("log.txt", "w").write("built")
    return model


model = build(3)
