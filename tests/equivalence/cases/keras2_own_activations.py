# Activations that the file defines: functions, methods, lambdas; a name that is a framework's too
from keras.layers import Conv2D, Activation, Input, Dense, Flatten
from keras.models import Model
from keras import backend as K
import tensorflow as tf


def swish(x, beta=1.5):
    return x * K.sigmoid(beta * x)


def hard_swish(x):
    return x * K.relu(x + 3.0, max_value=6.0) / 6.0


class Net:
    def _relu6(self, x):
        return K.relu(x, max_value=6.0)

    def build(self):
        inputs = Input(shape=(8, 8, 3))
        x = Conv2D(4, 3)(inputs)
        x = Activation(self._relu6)(x)
        x = Conv2D(4, 3, activation=swish)(x)
        x = Activation(hard_swish, name='hs')(x)
        x = Flatten()(x)
        x = Dense(5, activation=lambda t: tf.nn.leaky_relu(t, 0.3))(x)
        return Model(inputs, x)


model = Net().build()
