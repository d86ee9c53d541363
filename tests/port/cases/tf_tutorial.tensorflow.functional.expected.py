# Ported from tf_tutorial.py (Keras) to Keras by Portolan.
# Input: model.x=B,32,32,3
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
inputs = keras.Input(shape=(32, 32, 3))
x = layers.Conv2D(32, 3, activation="relu", name="conv1")(inputs)
x = layers.MaxPooling2D(name="pool1")(x)
x = layers.Conv2D(64, 3, activation="relu", name="conv2")(x)
x = layers.MaxPooling2D(name="pool2")(x)
x = layers.Conv2D(64, 3, activation="relu", name="conv3")(x)
x = layers.Flatten(name="flatten1")(x)
x = layers.Dense(64, activation="relu", name="dense1")(x)
x = layers.Dense(10, name="dense2")(x)
model = keras.Model(inputs, x)

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
