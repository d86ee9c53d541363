# Activations as layers
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.acts = [layers.ReLU(), layers.ReLU(max_value=4.0), layers.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.5), layers.LeakyReLU(), layers.LeakyReLU(negative_slope=0.2), layers.ELU(alpha=0.5), layers.Softmax(), layers.Softmax(axis=1), layers.Activation('gelu'), layers.Activation(keras.activations.tanh), layers.PReLU()]

    def call(self, x):
        return [act(x) for act in self.acts]


model = Net()
model(keras.Input((5,)))
