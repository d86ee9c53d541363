# Reductions of images
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv2D(4, 3)

    def call(self, x):
        x = self.c(x)
        return ops.mean(x, axis=[1, 2]), ops.max(x, axis=-1), ops.sum(x, axis=1, keepdims=True), ops.std(x, axis=-1), ops.var(x, axis=[1, 2]), ops.argmax(x, axis=-1), ops.min(x), ops.prod(x, axis=3), ops.logsumexp(x, axis=3), ops.norm(x, axis=-1)


model = Net()
model(keras.Input((6, 5, 3)))
