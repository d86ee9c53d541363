# Ported from graphs.predict.pytorch.py (Keras) to PyTorch by Portolan.
# Input: Auto.inputs=B,3,8,8
"""What a part of a network predicts, arrays in and out in the order of the source."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


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
# PORT: codes is a tensor of a network, which does not leave it
#     print(codes[..., 0].mean(), auto.predict(images).shape)
pass
