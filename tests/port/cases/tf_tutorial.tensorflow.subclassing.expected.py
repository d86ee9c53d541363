# Ported from tf_tutorial.py (Keras) to Keras by Portolan.
# Input: Network.x=B,32,32,3
"""The small convolutional network of TensorFlow's image tutorial, as a Keras Sequential.

Shows a Sequential that grows by .add, a loss on logits, and compile/fit/evaluate, which become a training
loop in PyTorch.
"""

import numpy as np
import keras
from keras import layers

# Random images and labels, in place of a dataset.
train_images = np.random.rand(64, 32, 32, 3).astype("float32")
train_labels = np.random.randint(0, 10, size=(64,))
test_images = np.random.rand(32, 32, 32, 3).astype("float32")
test_labels = np.random.randint(0, 10, size=(32,))


class Network(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = layers.Conv2D(32, 3, activation="relu")
        self.pool1 = layers.MaxPooling2D()
        self.conv2 = layers.Conv2D(64, 3, activation="relu")
        self.pool2 = layers.MaxPooling2D()
        self.conv3 = layers.Conv2D(64, 3, activation="relu")
        self.flatten1 = layers.Flatten()
        self.dense1 = layers.Dense(64, activation="relu")
        self.dense2 = layers.Dense(10)

    def call(self, x):
        x = self.conv1(x)
        x = self.pool1(x)
        x = self.conv2(x)
        x = self.pool2(x)
        x = self.conv3(x)
        x = self.flatten1(x)
        x = self.dense1(x)
        return self.dense2(x)


model = Network()

model.summary()

model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

history = model.fit(
    train_images,
    train_labels,
    epochs=2,
    batch_size=16,
    validation_data=(test_images, test_labels),
)

test_loss, test_accuracy = model.evaluate(test_images, test_labels, batch_size=16)
print(test_accuracy)
