import tensorflow as tf
from tensorflow.keras import layers, Model
class Block(layers.Layer):
    def __init__(self, f, k, d, padding='causal'):
        super().__init__()
        self.c1 = layers.Conv1D(f, k, dilation_rate=d, padding=padding)
        self.c2 = layers.Conv1D(f, k + 1, dilation_rate=d * 2, padding='causal')
        self.c3 = layers.Conv1D(f, kernel_size=k, strides=2, padding='causal')
    def call(self, x):
        return self.c3(self.c2(self.c1(x)))
class Net(Model):
    def __init__(self):
        super().__init__()
        self.b = [Block(8, 3, 2**i) for i in range(3)]
        self.p = Block(8, 3, 1, padding='same')
    def call(self, x):
        for b in self.b:
            x = b(x)
        return self.p(x)
m = Net()
m.build((None, 64, 5))
