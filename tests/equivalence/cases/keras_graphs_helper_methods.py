# Helper methods that build layers, and two graphs of which one begins with the other
import tensorflow as tf
from tensorflow.keras import layers, Model, Input


class Trainer:
    def __init__(self, size=32, classes=5, width=8):
        self.size = size
        self.classes = classes
        self.width = width
        self.build_models()

    def block(self, x, n):
        x = layers.Conv2D(n, 3, padding='same', use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        return layers.ReLU()(x)

    def build_models(self):
        inp = Input((self.size, self.size, 3))
        x = self.block(inp, self.width)
        x = layers.MaxPooling2D()(x)
        f = self.block(x, self.width * 2)
        p = layers.GlobalAveragePooling2D()(f)
        out = layers.Dense(self.classes, activation='softmax')(p)
        self.features = Model(inp, f)
        self.model = Model(inp, out)


t = Trainer()
