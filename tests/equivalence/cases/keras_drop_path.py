# Whole samples dropped, and a normalisation that nothing was adapted to.
import keras
from keras import layers


class Block(layers.Layer):
    def __init__(self, width, rate):
        super().__init__()
        self.conv = layers.Conv2D(width, 3, padding="same")
        self.drop = layers.Dropout(rate, noise_shape=(None, 1, 1, 1))

    def call(self, x, training=None):
        return x + self.drop(self.conv(x), training=training)


inputs = layers.Input((8, 10, 3))
x = layers.Normalization()(inputs)
x = layers.Conv2D(6, 1)(x)
for i in range(2):
    x = Block(6, 0.1 * i)(x)
y = layers.Dropout(0.2, noise_shape=(None, 1, 1, 1))(x)
x = layers.Add()([x, y])
x = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))
model = keras.Model(inputs, layers.Dense(2)(x))
