# Names and the base class's arguments, given to the classes of a file
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import Layer, Dense, LayerNormalization, Dropout


class Base(Layer):
    def __init__(self, units, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.units = units
        self.norm = LayerNormalization(epsilon=1e-6)


class Gate(Base):
    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(units, **kwargs)
        self.fc = Dense(units)
        self.gate = Dense(units, activation="sigmoid")
        self.drop = Dropout(rate)

    def call(self, x, training=None):
        return self.drop(self.norm(self.fc(x) * self.gate(x)), training=training)

    def get_config(self):
        config = super().get_config()
        config.update({"units": self.units})
        return config


class Labelled(Layer):
    def __init__(self, units, name="lab", trainable=True, dtype=None):
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.title = name
        self.fc = Dense(units, name=f"{name}/fc")

    def call(self, x):
        return self.fc(x)


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.stem = Dense(12, activation="relu")
        self.blocks = [Gate(12, name="gate_%d" % i, dtype="float32") for i in range(3)]
        self.lab = Labelled(8, name="eight")
        self.out = keras.Sequential([Gate(8, name="last"), Dense(3)], name="out")

    def call(self, inputs, training=None):
        x = self.stem(inputs)
        for block in self.blocks:
            x = x + block(x, training=training)
        return self.out(self.lab(x), training=training)


def main():
    net = Net(name="gated")
    net(tf.zeros((2, 12)))
    net.compile(optimizer="adam", loss="mse")
    net.summary()


if __name__ == "__main__":
    main()
