# Functions of tensors that are handed on as values, chosen under a condition, in blocks whose padding depends on sizes.
import keras
from keras import layers
from keras.src.applications import imagenet_utils


def relu(x):
    return layers.ReLU()(x)


def hard_sigmoid(x):
    return layers.ReLU(6.0)(x + 3.0) * (1.0 / 6.0)


def hard_swish(x):
    return layers.Activation("hard_swish")(x)


def depth(v, divisor=4):
    return max(divisor, int(v + divisor / 2) // divisor * divisor)


def block(x, filters, kernel, stride, activation):
    width = x.shape[-1]
    y = layers.Conv2D(depth(width * 1.5), 1)(x)
    y = activation(y)
    if stride == 2:
        y = layers.ZeroPadding2D(imagenet_utils.correct_pad(y, kernel))(y)
    y = layers.DepthwiseConv2D(kernel, strides=stride, padding="same" if stride == 1 else "valid")(y)
    y = activation(y)
    y = layers.Conv2D(filters, 1)(y)
    return layers.Add()([x, y]) if stride == 1 and width == filters else y


def build(minimal=False, shape=(24, 20, 3)):
    inputs = layers.Input(shape)
    if minimal:
        kernel, activation = 3, relu
    else:
        kernel = 5
        activation = hard_swish
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    x = activation(x)
    x = block(x, 12, 3, 2, relu)
    x = block(x, 12, kernel, 1, activation)
    x = block(x, 16, kernel, 2, activation)
    last = depth(x.shape[-1] * 2)
    x = hard_sigmoid(layers.Conv2D(last, 1)(x))
    return keras.Model(inputs, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))


model = build()
