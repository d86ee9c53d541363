# A stack of layers from a comprehension inside a named container, in a factory
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def mlp(units, name="mlp"):
    return keras.Sequential([layers.Dense(u, activation="gelu") for u in units], name=name)


class Encoder(layers.Layer):
    def __init__(self, dim, heads, mlp_units, name="encoder", **kwargs):
        super(Encoder, self).__init__(name=name, **kwargs)
        self.norm1 = layers.LayerNormalization(name=f"{name}_ln1")
        self.attn = layers.MultiHeadAttention(num_heads=heads, key_dim=dim // heads, name=f"{name}_attn")
        self.norm2 = layers.LayerNormalization()
        self.mlp = mlp(mlp_units, name=f"{name}_mlp")
        self.ff = keras.Sequential([layers.Dense(dim * 2, activation="relu"), layers.Dense(dim)], name="ff")

    def call(self, x, training=False):
        h = self.norm1(x)
        x = x + self.attn(h, h, training=training)
        return x + self.ff(self.mlp(self.norm2(x)))


class Tower(keras.Model):
    def __init__(self, depth=2, dim=16, name="tower"):
        super().__init__(name=name)
        self.stem = keras.Sequential(
            [
                layers.Conv2D(8, 3, strides=2, padding="same", name="c1"),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.Conv2D(dim, 3, strides=2, padding="same"),
            ],
            name="stem",
        )
        self.reshape = layers.Reshape((-1, dim))
        self.encoders = [Encoder(dim, 4, [32, dim], name=f"enc{i}") for i in range(depth)]
        self.pool = layers.GlobalAveragePooling1D(name="pool")
        self.head = layers.Dense(5, name="logits")

    def call(self, x, training=False):
        x = self.reshape(self.stem(x, training=training))
        for enc in self.encoders:
            x = enc(x, training=training)
        return self.head(self.pool(x))


model = Tower(depth=3)
model.build(input_shape=(None, 16, 16, 3))
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
