import tensorflow as tf
from tensorflow.keras import layers, models


class BiFPNAdd(layers.Layer):
    def __init__(self, epsilon=1e-4, **kwargs):
        super(BiFPNAdd, self).__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        num_in = len(input_shape)
        self.w = self.add_weight(name=self.name,
                                 shape=(num_in,),
                                 initializer=tf.keras.initializers.Constant(1 / num_in),
                                 trainable=True,
                                 dtype=tf.float32)

    def call(self, inputs, **kwargs):
        w = tf.keras.activations.relu(self.w)
        x = tf.reduce_sum([w[i] * inputs[i] for i in range(len(inputs))], axis=0)
        x = x / (tf.reduce_sum(w) + self.epsilon)
        return x

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        config = super(BiFPNAdd, self).get_config()
        config.update({'epsilon': self.epsilon})
        return config


def SeparableConvBlock(num_channels, kernel_size, strides, name, freeze_bn=False):
    f1 = layers.SeparableConv2D(num_channels, kernel_size=kernel_size, strides=strides, padding='same', use_bias=True, name=name + '/conv')
    f2 = layers.BatchNormalization(momentum=0.997, epsilon=1e-3, name=name + '/bn')
    return lambda x: f2(f1(x))


def build_bifpn(features, num_channels):
    P3, P4, P5 = features
    P3_in = layers.Conv2D(num_channels, 1, padding='same', name='p3_conv')(P3)
    P4_in = layers.Conv2D(num_channels, 1, padding='same', name='p4_conv')(P4)
    P5_in = layers.Conv2D(num_channels, 1, padding='same', name='p5_conv')(P5)
    P5_U = layers.UpSampling2D()(P5_in)
    P4_td = BiFPNAdd(name='add_p4')([P4_in, P5_U])
    P4_td = layers.Activation(lambda x: tf.nn.swish(x))(P4_td)
    P4_td = SeparableConvBlock(num_channels, 3, 1, 'node4')(P4_td)
    P4_U = layers.UpSampling2D()(P4_td)
    P3_out = BiFPNAdd(name='add_p3')([P3_in, P4_U])
    P3_out = layers.Activation(lambda x: tf.nn.swish(x))(P3_out)
    P3_out = SeparableConvBlock(num_channels, 3, 1, 'node3')(P3_out)
    return P3_out, P4_td, P5_in


def model_fn(size=64, num_channels=16):
    image = layers.Input((size, size, 3))
    c1 = layers.Conv2D(16, 3, strides=4, padding='same', activation='relu')(image)
    c2 = layers.Conv2D(24, 3, strides=2, padding='same', activation='relu')(c1)
    c3 = layers.Conv2D(32, 3, strides=2, padding='same', activation='relu')(c2)
    fpn = build_bifpn([c1, c2, c3], num_channels)
    cls = layers.Conv2D(9, 3, padding='same', activation='sigmoid', name='cls')
    outs = [cls(f) for f in fpn]
    outs = [layers.Reshape((-1, 9))(o) for o in outs]
    out = layers.Concatenate(axis=1)(outs)
    return models.Model(image, out)


m = model_fn()
