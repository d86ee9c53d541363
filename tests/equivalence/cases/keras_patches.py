# Patches of images, augmentation that inference does not do, positions that a layer embeds.
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Patches(layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def call(self, images):
        batch = tf.shape(images)[0]
        patches = tf.image.extract_patches(
            images=images, sizes=[1, self.size, self.size, 1], strides=[1, self.size, self.size, 1], rates=[1, 1, 1, 1], padding="VALID"
        )
        return tf.reshape(patches, [batch, -1, patches.shape[-1]])


class Encoder(layers.Layer):
    def __init__(self, count, width):
        super().__init__()
        self.count = count
        self.projection = layers.Dense(units=width)
        self.places = layers.Embedding(input_dim=count, output_dim=width)

    def call(self, patch):
        positions = tf.range(start=0, limit=self.count, delta=1)
        return self.projection(patch) + self.places(positions)


augment = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(factor=0.02), layers.RandomZoom(0.2, 0.2)])
inputs = layers.Input(shape=(12, 16, 3))
x = augment(inputs)
x = Patches(4)(x)
x = Encoder(12, 8)(x)
x = layers.LayerNormalization(epsilon=1e-6)(x)
x = layers.Add()([layers.MultiHeadAttention(num_heads=2, key_dim=4)(x, x), x])
model = keras.Model(inputs, layers.Dense(3)(layers.Flatten()(x)))
