from keras.models import Model
from keras.layers import Input, Dense, Lambda, Activation, BatchNormalization, GlobalAveragePooling2D, GlobalMaxPooling2D, Reshape, multiply, Permute, Conv2D, MaxPooling2D, add, concatenate
from keras.regularizers import l2
from keras import backend as K


def squeeze_excite_block(input_tensor, ratio=16):
    init = input_tensor
    channel_axis = 1 if K.image_data_format() == "channels_first" else -1
    filters = init._keras_shape[channel_axis]
    se_shape = (1, 1, filters)
    se = GlobalAveragePooling2D()(init)
    se = Reshape(se_shape)(se)
    se = Dense(filters // ratio, activation='relu', kernel_initializer='he_normal', use_bias=False)(se)
    se = Dense(filters, activation='sigmoid', kernel_initializer='he_normal', use_bias=False)(se)
    if K.image_data_format() == 'channels_first':
        se = Permute((3, 1, 2))(se)
    return multiply([init, se])


def grouped_convolution_block(input_tensor, grouped_channels, cardinality, strides, weight_decay=5e-4):
    init = input_tensor
    channel_axis = 1 if K.image_data_format() == 'channels_first' else -1
    group_list = []
    if cardinality == 1:
        x = Conv2D(grouped_channels, (3, 3), padding='same', use_bias=False, strides=strides)(init)
        x = BatchNormalization(axis=channel_axis)(x)
        return Activation('relu')(x)
    for c in range(cardinality):
        x = Lambda(lambda z: z[:, :, :, c * grouped_channels:(c + 1) * grouped_channels]
                   if K.image_data_format() == 'channels_last' else
                   z[:, c * grouped_channels:(c + 1) * grouped_channels, :, :])(input_tensor)
        x = Conv2D(grouped_channels, (3, 3), padding='same', use_bias=False, strides=(strides, strides), kernel_regularizer=l2(weight_decay))(x)
        group_list.append(x)
    group_merge = concatenate(group_list, axis=channel_axis)
    group_merge = BatchNormalization(axis=channel_axis)(group_merge)
    return Activation('relu')(group_merge)


def bottleneck_block(input_tensor, filters=64, cardinality=8, strides=1):
    init = input_tensor
    grouped_channels = int(filters / cardinality)
    channel_axis = 1 if K.image_data_format() == 'channels_first' else -1
    if init._keras_shape[-1] != 2 * filters:
        init = Conv2D(filters * 2, (1, 1), padding='same', strides=(strides, strides), use_bias=False)(init)
        init = BatchNormalization(axis=channel_axis)(init)
    x = Conv2D(filters, (1, 1), padding='same', use_bias=False)(input_tensor)
    x = BatchNormalization(axis=channel_axis)(x)
    x = Activation('relu')(x)
    x = grouped_convolution_block(x, grouped_channels, cardinality, strides)
    x = Conv2D(filters * 2, (1, 1), padding='same', use_bias=False)(x)
    x = BatchNormalization(axis=channel_axis)(x)
    x = squeeze_excite_block(x)
    x = add([init, x])
    return Activation('relu')(x)


def create_res_next(nb_classes, img_input, depth=(1, 2), cardinality=4, width=8):
    x = Conv2D(32, (7, 7), padding='same', use_bias=False, strides=(2, 2))(img_input)
    x = BatchNormalization(axis=-1)(x)
    x = Activation('relu')(x)
    x = MaxPooling2D((3, 3), strides=(2, 2), padding='same')(x)
    filters = cardinality * width
    for n_block, size in enumerate(depth):
        for i in range(size):
            strides = 2 if n_block > 0 and i == 0 else 1
            x = bottleneck_block(x, filters, cardinality, strides=strides)
        filters *= 2
    x = GlobalAveragePooling2D()(x)
    return Dense(nb_classes, use_bias=False, activation='softmax')(x)


inputs = Input(shape=(32, 32, 3))
model = Model(inputs, create_res_next(10, inputs), name='se_resnext')
