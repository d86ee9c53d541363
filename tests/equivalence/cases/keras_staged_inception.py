# inception with branches, config dict, closures
import tensorflow as tf
from tensorflow.keras.layers import Input, Conv2D, MaxPooling2D, AveragePooling2D, Flatten, Dense, Dropout, concatenate, BatchNormalization, Activation
from tensorflow.keras.models import Model

CONFIG = {"classes": 10, "dropout": 0.4, "widths": [(8, 4, 8, 2, 4, 4), (16, 8, 16, 4, 8, 8)]}


def conv2d_bn(x, filters, kernel, padding="same", strides=(1, 1), name=None):
    """A convolution, a normalisation, an activation."""
    if name is not None:
        bn_name = name + "_bn"
        conv_name = name + "_conv"
    else:
        bn_name = None
        conv_name = None
    bn_axis = 1 if tf.keras.backend.image_data_format() == "channels_first" else 3
    x = Conv2D(filters, kernel, strides=strides, padding=padding, use_bias=False, name=conv_name)(x)
    x = BatchNormalization(axis=bn_axis, scale=False, name=bn_name)(x)
    x = Activation("relu", name=name)(x)
    return x


def inception(x, f1, r3, f3, r5, f5, pp):
    # four branches
    b1 = conv2d_bn(x, f1, (1, 1))
    b2 = conv2d_bn(x, r3, (1, 1))
    b2 = conv2d_bn(b2, f3, (3, 3))
    b3 = conv2d_bn(x, r5, 1)
    b3 = conv2d_bn(b3, f5, 5)
    b4 = MaxPooling2D((3, 3), strides=(1, 1), padding="same")(x)
    b4 = conv2d_bn(b4, pp, 1)
    return concatenate([b1, b2, b3, b4], axis=-1)


def GoogLike(input_shape=(64, 64, 3), config=CONFIG):
    img_input = Input(shape=input_shape)
    x = conv2d_bn(img_input, 8, 7, strides=(2, 2), padding="valid")
    x = MaxPooling2D(3, strides=2)(x)
    for w in config["widths"]:
        x = inception(x, *w)
    x = AveragePooling2D((2, 2))(x)
    x = Flatten()(x)
    x = Dropout(config["dropout"])(x)
    out = Dense(config["classes"], activation="softmax", name="predictions")(x)
    model = Model(inputs=img_input, outputs=out, name="googlike")
    return model


model = GoogLike()
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.summary()
