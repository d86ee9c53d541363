# Products of tensors as layers of Keras 2 have them, in layers that check and rename the shape that they are built for.
import tensorflow as tf
from keras import backend as K
from keras import initializers, regularizers
from keras.engine.topology import Layer
from keras.layers import Dense, GlobalAveragePooling1D, Input, LSTM, concatenate
from keras.models import Model


def dot_product(x, kernel):
    if K.backend() == "tensorflow":
        return K.squeeze(K.dot(x, K.expand_dims(kernel)), axis=-1)
    return K.dot(x, kernel)


class Attention(Layer):
    def __init__(self, regularizer=None, bias=True, **kwargs):
        self.init = initializers.get("glorot_uniform")
        self.regularizer = regularizers.get(regularizer)
        self.bias = bias
        super(Attention, self).__init__(**kwargs)

    def build(self, input_shape):
        input_shape = tf.TensorShape(input_shape).as_list()
        assert len(input_shape) == 3
        if input_shape[-1] is None:
            raise ValueError("the last axis must be known")
        axis = len(input_shape) - 1
        width = input_shape[axis]
        self.W = self.add_weight(name="{}_W".format(self.name), shape=(width, width), initializer=self.init,
                                 regularizer=self.regularizer)
        if self.bias:
            self.b = self.add_weight(name="b", shape=(width,), initializer="zero")
        self.u = self.add_weight(name="u", shape=(width,), initializer=self.init)
        super(Attention, self).build(input_shape)

    def call(self, x, mask=None):
        scores = dot_product(x, self.W)
        if self.bias:
            scores += self.b
        a = K.exp(dot_product(K.tanh(scores), self.u))
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        return K.sum(x * K.expand_dims(a), axis=1)


class Pairs(Layer):
    def call(self, inputs):
        a, b = inputs
        scores = tf.matmul(a, b, transpose_b=True)
        mixed = tf.matmul(scores, a, transpose_a=True)
        flat = tf.tensordot(mixed, tf.reduce_mean(b, axis=[0, 1]), axes=[[2], [0]])
        return flat + K.dot(a, K.ones((12, 1)))[:, :, 0]


inputs = Input(shape=(7, 5))
x = LSTM(12, return_sequences=True)(inputs)
y = LSTM(12, return_sequences=True)(x)
attended = Attention()(x)
pairs = Pairs()([x, y])
outputs = Dense(4)(concatenate([attended, pairs, GlobalAveragePooling1D()(y)]))
model = Model(inputs=inputs, outputs=outputs)
