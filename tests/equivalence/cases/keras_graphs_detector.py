# A pyramid of features: a backbone, and a detector that begins with it and loops over its levels
import tensorflow as tf
from tensorflow.keras import layers, Model, Input


def conv_bn(x, f, k=3, s=1, name=None):
    x = layers.Conv2D(f, k, strides=s, padding='same', use_bias=False, name=name + '_conv')(x)
    x = layers.BatchNormalization(name=name + '_bn')(x)
    return layers.Activation('relu', name=name + '_relu')(x)


def build_detector(input_shape=(32, 32, 3), num_classes=4, anchors=3):
    inputs = Input(shape=input_shape)
    c1 = conv_bn(inputs, 8, s=2, name='c1')
    c2 = conv_bn(c1, 16, s=2, name='c2')
    c3 = conv_bn(c2, 32, s=2, name='c3')
    p3 = layers.Conv2D(16, 1, name='lat3')(c3)
    p2 = layers.Add()([layers.UpSampling2D()(p3), layers.Conv2D(16, 1, name='lat2')(c2)])
    outputs = []
    for i, p in enumerate([p2, p3]):
        cls = layers.Conv2D(anchors * num_classes, 3, padding='same')(p)
        box = layers.Conv2D(anchors * 4, 3, padding='same')(p)
        cls = layers.Reshape((-1, num_classes))(cls)
        box = layers.Reshape((-1, 4))(box)
        outputs.append(layers.Concatenate(axis=-1)([box, layers.Activation('sigmoid')(cls)]))
    pred = layers.Concatenate(axis=1)(outputs)
    backbone = Model(inputs, [c2, c3], name='backbone')
    detector = Model(inputs, pred, name='detector')
    return detector, backbone


detector, backbone = build_detector()
