from functools import partial
import keras
from keras import layers


class ConvBN(keras.Sequential):
    def __init__(self, filters, norm_layer=layers.BatchNormalization):
        items = [layers.Conv2D(filters, 3, use_bias=False), norm_layer()]
        super().__init__(items)


class N(keras.Model):
    def __init__(self, norm_layer=None):
        super().__init__()
        if norm_layer is None:
            norm_layer = layers.BatchNormalization
        self.a = ConvBN(4, norm_layer)
        self.b = ConvBN(6, norm_layer=norm_layer)

    def call(self, x, training=None):
        return self.b(self.a(x, training=training), training=training)


def build(**kwargs):
    norm_layer = kwargs.pop("norm_layer", partial(layers.BatchNormalization, epsilon=1e-5, momentum=0.9))
    return N(norm_layer=norm_layer, **kwargs)


net = build()
y = net(keras.random.normal((2, 12, 12, 3)))
