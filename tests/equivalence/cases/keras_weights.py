# Weights of a layer's own
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.w = self.add_weight(shape=(6, 4), initializer='glorot_uniform', name='w')
        self.b = self.add_weight(shape=(4,), initializer='zeros', name='b')
        self.scale = self.add_weight(shape=(1, 1, 6), initializer='ones')

    def call(self, x):
        return ops.matmul(x * self.scale, self.w) + self.b


model = Net()
model(keras.Input((5, 6)))
