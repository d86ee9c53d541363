# Ported from keras_graphs_in_methods.py (Keras) to PyTorch by Portolan.
# Input: Combined.z=B,100
# An adversarial pair in a class: graphs built by methods, and one that has both
import numpy as np
import torch
from torch import nn


class Reshape(nn.Module):
    """Gives the axes behind the batch another shape."""

    def __init__(self, shape):
        super().__init__()
        self.shape = tuple(shape)

    def forward(self, x):
        return x.reshape(x.shape[0], *self.shape)


class Discriminator(nn.Module):
    def __init__(self, img_shape):
        super().__init__()
        model = nn.Sequential()
        model.append(nn.Flatten())
        model.append(nn.Linear(784, 512))
        model.append(nn.LeakyReLU(0.2))
        model.append(nn.Linear(512, 1))
        model.append(nn.Sigmoid())
        self.model = model

    def forward(self, img):
        validity = self.model(img)
        return validity


class Generator(nn.Module):
    def __init__(self, latent_dim, img_shape):
        super().__init__()
        model = nn.Sequential()
        model.append(nn.Linear(100, 256))
        model.append(nn.LeakyReLU(0.2))
        model.append(nn.BatchNorm1d(256, eps=0.001, momentum=0.2))
        model.append(nn.Linear(256, np.prod(img_shape)))
        model.append(nn.Tanh())
        model.append(Reshape(img_shape))
        self.model = model

    def forward(self, noise):
        img = self.model(noise)
        return img


class Combined(nn.Module):
    def __init__(self, latent_dim, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator

    def forward(self, z):
        img = self.generator(z)
        validity = self.discriminator(img)
        return validity


class GAN():
    def __init__(self):
        self.img_shape = (28, 28, 1)
        self.latent_dim = 100
        self.discriminator = self.build_discriminator()
        discriminator_criterion = nn.BCELoss()
        discriminator_optimizer = torch.optim.Adam(
            self.discriminator.parameters(), lr=0.0002, betas=(0.5, 0.999), eps=1e-7
        )
        self.generator = self.build_generator()
        self.discriminator.requires_grad_(False)
        self.combined = Combined(self.latent_dim, self.generator, self.discriminator)
        combined_criterion = nn.BCELoss()
        combined_optimizer = torch.optim.Adam(
            [p for p in self.combined.parameters() if p.requires_grad],
            lr=0.0002,
            betas=(0.5, 0.999),
            eps=1e-7,
        )
        self.discriminator.requires_grad_(True)

    def build_generator(self):
        return Generator(self.latent_dim, self.img_shape)

    def build_discriminator(self):
        return Discriminator(self.img_shape)


if __name__ == '__main__':
    gan = GAN()
