# A layer with build and add_weight
import keras
from keras import layers, ops


class MyDense(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer='glorot_uniform')
        self.b = self.add_weight(shape=(self.units,), initializer='zeros')

    def call(self, x):
        return ops.matmul(x, self.w) + self.b


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = MyDense(4)

    def call(self, x):
        return self.d(x)


model = Net()
model(keras.Input((5, 6)))
