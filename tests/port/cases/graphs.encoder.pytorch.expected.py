# Ported from keras_graphs_encoder.py (Keras) to PyTorch by Portolan.
# Input: Autoencoder.input_img=B,1,28,28
import torch
import torch.nn.functional as F
from torch import nn


# An encoder is the beginning of the network that was made before it


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding="same")
        self.pool = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(16, 8, 3, padding="same")
        self.pool2 = nn.MaxPool2d(2)

    def forward(self, input_img):
        x = F.relu(self.conv(input_img))
        x = self.pool(x)
        x = F.relu(self.conv2(x))
        encoded = self.pool2(x)
        return encoded


encoder = Encoder()


class Autoencoder(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder
        self.conv = nn.Conv2d(8, 8, 3, padding="same")
        self.up_sampling2d = nn.Upsample(scale_factor=2)
        self.conv2 = nn.Conv2d(8, 16, 3, padding="same")
        self.up_sampling2d2 = nn.Upsample(scale_factor=2)
        self.conv3 = nn.Conv2d(16, 1, 3, padding="same")

    def forward(self, input_img):
        encoded = self.encoder(input_img)
        x = F.relu(self.conv(encoded))
        x = self.up_sampling2d(x)
        x = F.relu(self.conv2(x))
        x = self.up_sampling2d2(x)
        decoded = torch.sigmoid(self.conv3(x))
        return decoded


autoencoder = Autoencoder(encoder)
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(autoencoder.parameters(), eps=1e-7)
