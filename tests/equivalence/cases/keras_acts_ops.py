# Activations as functions
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()


    def call(self, x):
        return ops.relu(x), ops.gelu(x), ops.gelu(x, approximate=False), ops.leaky_relu(x), keras.activations.gelu(x), keras.activations.relu(x, negative_slope=0.1, max_value=3.0), ops.softmax(x), ops.silu(x), ops.log_softmax(x), ops.softplus(x), ops.hard_sigmoid(x), ops.elu(x)


model = Net()
model(keras.Input((5,)))
