"""A factory goes on from tensors inside of a network that it made before, given its input from outside; written flat."""
from functools import reduce, wraps

from keras.layers import Add, BatchNormalization, Concatenate, Conv2D, Input, UpSampling2D, ZeroPadding2D
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Model
from keras.regularizers import l2


def compose(*funcs):
    return reduce(lambda f, g: lambda *a, **kw: g(f(*a, **kw)), funcs)


@wraps(Conv2D)
def conv(*args, **kwargs):
    own = {"kernel_regularizer": l2(5e-4)}
    own["padding"] = "valid" if kwargs.get("strides") == (2, 2) else "same"
    own.update(kwargs)
    return Conv2D(*args, **own)


def conv_bn_leaky(*args, **kwargs):
    own = {"use_bias": False}
    own.update(kwargs)
    return compose(conv(*args, **own), BatchNormalization(), LeakyReLU(alpha=0.1))


def residual(x, filters, blocks):
    x = ZeroPadding2D(((1, 0), (1, 0)))(x)
    x = conv_bn_leaky(filters, (3, 3), strides=(2, 2))(x)
    for i in range(blocks):
        y = compose(conv_bn_leaky(filters // 2, (1, 1)), conv_bn_leaky(filters, (3, 3)))(x)
        x = Add()([x, y])
    return x


def body(x):
    x = conv_bn_leaky(8, (3, 3))(x)
    x = residual(x, 16, 1)
    return residual(x, 24, 1)


def detector(inputs, anchors, classes):
    backbone = Model(inputs, body(inputs))
    x = conv_bn_leaky(16, (1, 1))(backbone.output)
    first = conv(anchors * (classes + 5), (1, 1))(x)
    x = compose(conv_bn_leaky(8, (1, 1)), UpSampling2D(2))(x)
    x = Concatenate()([x, backbone.layers[-12].output])
    second = conv(anchors * (classes + 5), (1, 1))(x)
    return Model(inputs, [first, second])


model = detector(Input(shape=(32, 32, 3)), 2, 3)
