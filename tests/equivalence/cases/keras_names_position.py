# Names by position, in lists and at module level
import tensorflow as tf
from tensorflow.keras import layers


class Block(layers.Layer):
    def __init__(self, filters, name="block", **kwargs):
        super(Block, self).__init__(name=name, **kwargs)
        self.conv = layers.Conv2D(filters, 3, padding="same", name=name + "_conv")
        self.bn = layers.BatchNormalization(name=name + "_bn")

    def call(self, x, training=False):
        return tf.nn.relu(self.bn(self.conv(x), training=training))


class Plain(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.fc = layers.Dense(units)

    def call(self, x):
        return self.fc(x)


class Net(tf.keras.Model):
    def __init__(self, num_classes=10, name=None):
        super().__init__(name=name)
        self.b1 = Block(8, name="b1")
        self.b2 = Block(16, "b2")
        self.blocks = [Block(16, name=f"more_{i}") for i in range(2)]
        self.pool = layers.GlobalAveragePooling2D()
        self.head = Plain(num_classes, name="head")

    def call(self, x, training=False):
        x = self.b1(x, training=training)
        x = self.b2(x, training=training)
        for b in self.blocks:
            x = b(x, training=training)
        return self.head(self.pool(x))


model = Net(name="net")
y = model(tf.zeros((1, 16, 16, 3)))
