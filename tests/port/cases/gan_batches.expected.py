# Ported from gan_batches.py (Keras) to PyTorch by Portolan.
# Input: Combined.z=B,100
from __future__ import print_function, division

import matplotlib.pyplot as plt

import sys

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


def image_data(name):
    """A data set of images as arrays: (images, labels) to train with, and to test with."""
    from torchvision import datasets  # no part of PyTorch itself, and needed for nothing else

    parts = []
    for train in (True, False):
        data = getattr(datasets, name)("data", train=train, download=True)
        parts.append((np.asarray(data.data), np.asarray(data.targets)))
    return tuple(parts)


def load_mnist():
    """MNIST: images (n, 28, 28) and labels (n,), to train with and to test with."""
    return image_data("MNIST")


def predict_batches(model, inputs, batch_size=32):
    """What the model gives for all inputs, as one array."""
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part) for part in inputs.split(batch_size)]).numpy()


def binary_accuracy(outputs, targets, threshold=0.5):
    """The share of outputs on the target's side of the threshold."""
    return ((outputs > threshold) == (targets > 0.5)).float().mean()


def train_batch(model, criterion, optimizer, inputs, targets, *metrics):
    """One step of training: the loss; with metrics, a list of the loss and each of them."""
    model.train()
    optimizer.zero_grad()
    outputs = model(inputs)
    loss = criterion(outputs, targets)
    loss.backward()
    optimizer.step()
    values = [loss.item()] + [measure(outputs, targets).item() for measure in metrics]
    return values if metrics else values[0]


class Discriminator(nn.Module):
    def __init__(self, img_shape):
        super().__init__()
        model = nn.Sequential()
        model.append(nn.Flatten())
        model.append(nn.Linear(784, 512))
        model.append(nn.LeakyReLU(0.2))
        model.append(nn.Linear(512, 256))
        model.append(nn.LeakyReLU(0.2))
        model.append(nn.Linear(256, 1))
        model.append(nn.Sigmoid())
        print(model)
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
        model.append(nn.Linear(256, 512))
        model.append(nn.LeakyReLU(0.2))
        model.append(nn.BatchNorm1d(512, eps=0.001, momentum=0.2))
        model.append(nn.Linear(512, np.prod(img_shape)))
        model.append(nn.Tanh())
        model.append(Reshape(img_shape))
        print(model)
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
        # The discriminator takes generated images as input and determines validity
        validity = self.discriminator(img)
        return validity


class GAN():
    def __init__(self):
        self.img_rows = 28
        self.img_cols = 28
        self.channels = 1
        self.img_shape = (self.img_rows, self.img_cols, self.channels)
        self.latent_dim = 100

        # Build and compile the discriminator
        self.discriminator = self.build_discriminator()
        discriminator_criterion = nn.BCELoss()
        discriminator_optimizer = torch.optim.Adam(
            self.discriminator.parameters(), lr=0.0002, betas=(0.5, 0.999), eps=1e-7
        )
        self.discriminator.compiled = discriminator_criterion, discriminator_optimizer

        # Build the generator
        self.generator = self.build_generator()


        # For the combined model we will only train the generator
        self.discriminator.requires_grad_(False)


        # The combined model  (stacked generator and discriminator)
        self.combined = Combined(self.latent_dim, self.generator, self.discriminator)
        combined_criterion = nn.BCELoss()
        combined_optimizer = torch.optim.Adam(
            [p for p in self.combined.parameters() if p.requires_grad],
            lr=0.0002,
            betas=(0.5, 0.999),
            eps=1e-7,
        )
        self.combined.compiled = combined_criterion, combined_optimizer
        self.discriminator.requires_grad_(True)

    def build_generator(self):





        return Generator(self.latent_dim, self.img_shape)

    def build_discriminator(self):




        return Discriminator(self.img_shape)

    def train(self, epochs, batch_size=128, sample_interval=50):

        (X_train, _), (_, _) = load_mnist()

        X_train = X_train / 127.5 - 1.
        X_train = np.expand_dims(X_train, axis=3)

        valid = np.ones((batch_size, 1))
        fake = np.zeros((batch_size, 1))

        for epoch in range(epochs):
            idx = np.random.randint(0, X_train.shape[0], batch_size)
            imgs = X_train[idx]

            noise = np.random.normal(0, 1, (batch_size, self.latent_dim))

            gen_imgs = predict_batches(
                self.generator, torch.as_tensor(noise, dtype=torch.float32)
            )

            d_loss_real = train_batch(
                self.discriminator,
                *self.discriminator.compiled,
                torch.as_tensor(imgs, dtype=torch.float32),
                torch.as_tensor(valid, dtype=torch.float32).reshape(-1, 1),
                binary_accuracy,
            )
            d_loss_fake = train_batch(
                self.discriminator,
                *self.discriminator.compiled,
                torch.as_tensor(gen_imgs, dtype=torch.float32),
                torch.as_tensor(fake, dtype=torch.float32).reshape(-1, 1),
                binary_accuracy,
            )
            d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)

            noise = np.random.normal(0, 1, (batch_size, self.latent_dim))

            g_loss = train_batch(
                self.combined,
                *self.combined.compiled,
                torch.as_tensor(noise, dtype=torch.float32),
                torch.as_tensor(valid, dtype=torch.float32).reshape(-1, 1),
            )

            print("%d [D loss: %f, acc.: %.2f%%] [G loss: %f]" % (epoch, d_loss[0], 100*d_loss[1], g_loss))

            if epoch % sample_interval == 0:
                self.sample_images(epoch)

    def sample_images(self, epoch):
        r, c = 5, 5
        noise = np.random.normal(0, 1, (r * c, self.latent_dim))
        gen_imgs = predict_batches(
            self.generator, torch.as_tensor(noise, dtype=torch.float32)
        )

        gen_imgs = 0.5 * gen_imgs + 0.5

        fig, axs = plt.subplots(r, c)
        cnt = 0
        for i in range(r):
            for j in range(c):
                axs[i,j].imshow(gen_imgs[cnt, :,:,0], cmap='gray')
                axs[i,j].axis('off')
                cnt += 1
        fig.savefig("images/%d.png" % epoch)
        plt.close()


if __name__ == '__main__':
    gan = GAN()
    gan.train(epochs=30000, batch_size=32, sample_interval=200)
