import tensorflow as tf
from tensorflow.keras.models import Model
from tensorflow.keras.layers import (Input, Conv2D, BatchNormalization, Activation, AveragePooling2D, UpSampling2D,
                                     Concatenate, DepthwiseConv2D, MaxPooling2D, Add, Dropout, ZeroPadding2D)


def ConvBlock(x, num_filters=32, kernel_size=3, dilation_rate=1, padding="same", use_bias=False):
    x = Conv2D(num_filters, kernel_size=kernel_size, dilation_rate=dilation_rate, padding=padding, use_bias=use_bias,
               kernel_initializer=tf.keras.initializers.HeNormal())(x)
    x = BatchNormalization()(x)
    return tf.nn.relu(x)


def ASPP(dspp_input):
    dims = dspp_input.shape
    x = AveragePooling2D(pool_size=(dims[-3], dims[-2]))(dspp_input)
    x = ConvBlock(x, kernel_size=1, use_bias=True)
    out_pool = UpSampling2D(size=(dims[-3] // x.shape[1], dims[-2] // x.shape[2]), interpolation="bilinear")(x)
    out_1 = ConvBlock(dspp_input, kernel_size=1, dilation_rate=1)
    out_6 = ConvBlock(dspp_input, kernel_size=3, dilation_rate=2)
    out_12 = ConvBlock(dspp_input, kernel_size=3, dilation_rate=4)
    x = Concatenate(axis=-1)([out_pool, out_1, out_6, out_12])
    output = ConvBlock(x, kernel_size=1)
    return output


def SepConv_BN(x, filters, prefix, stride=1, kernel_size=3, rate=1, depth_activation=False, epsilon=1e-3):
    if stride == 1:
        depth_padding = 'same'
    else:
        kernel_size_effective = kernel_size + (kernel_size - 1) * (rate - 1)
        pad_total = kernel_size_effective - 1
        pad_beg = pad_total // 2
        pad_end = pad_total - pad_beg
        x = ZeroPadding2D((pad_beg, pad_end))(x)
        depth_padding = 'valid'
    if not depth_activation:
        x = Activation(tf.nn.relu)(x)
    x = DepthwiseConv2D((kernel_size, kernel_size), strides=(stride, stride), dilation_rate=(rate, rate),
                        padding=depth_padding, use_bias=False, name=prefix + '_depthwise')(x)
    x = BatchNormalization(name=prefix + '_depthwise_BN', epsilon=epsilon)(x)
    if depth_activation:
        x = Activation(tf.nn.relu)(x)
    x = Conv2D(filters, (1, 1), padding='same', use_bias=False, name=prefix + '_pointwise')(x)
    x = BatchNormalization(name=prefix + '_pointwise_BN', epsilon=epsilon)(x)
    if depth_activation:
        x = Activation(tf.nn.relu)(x)
    return x


def DeeplabV3Plus(image_size, num_classes):
    model_input = Input(shape=(image_size, image_size, 3))
    low = ConvBlock(model_input, 16)
    x = MaxPooling2D(2)(low)
    x = SepConv_BN(x, 24, 'sep1', stride=1, depth_activation=True)
    x = SepConv_BN(x, 32, 'sep2', stride=2)
    x = ASPP(x)
    input_a = UpSampling2D(size=(4, 4), interpolation="bilinear")(x)
    input_b = ConvBlock(low, num_filters=12, kernel_size=1)
    x = Concatenate(axis=-1)([input_a, input_b])
    x = ConvBlock(x)
    x = ConvBlock(x)
    model_output = Conv2D(num_classes, kernel_size=(1, 1), padding="same")(x)
    return Model(inputs=model_input, outputs=model_output)


model = DeeplabV3Plus(image_size=32, num_classes=5)
model.summary()
