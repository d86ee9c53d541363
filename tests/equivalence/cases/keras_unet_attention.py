from keras.models import Model
from keras.layers import (Input, Conv2D, Conv2DTranspose, MaxPooling2D, concatenate, Dropout, BatchNormalization,
                          Activation, SpatialDropout2D, multiply, add, GlobalAveragePooling2D, Reshape, Dense, Lambda)
from keras import backend as K
from keras.optimizers import Adam

smooth = 1.


def dice_coef(y_true, y_pred):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def dice_coef_loss(y_true, y_pred):
    return 1 - dice_coef(y_true, y_pred)


def squeeze_excite_block(tensor, ratio=4):
    init = tensor
    channel_axis = 1 if K.image_data_format() == "channels_first" else -1
    filters = K.int_shape(init)[channel_axis]
    se_shape = (1, 1, filters)
    se = GlobalAveragePooling2D()(init)
    se = Reshape(se_shape)(se)
    se = Dense(filters // ratio, activation='relu', kernel_initializer='he_normal', use_bias=False)(se)
    se = Dense(filters, activation='sigmoid', kernel_initializer='he_normal', use_bias=False)(se)
    x = multiply([init, se])
    return x


def conv_block(x, n_filters, drop=0.1, se=True):
    for i in range(2):
        x = Conv2D(n_filters, (3, 3), padding='same', kernel_initializer='he_normal')(x)
        x = BatchNormalization(axis=3)(x)
        x = Activation('relu')(x)
    if drop:
        x = SpatialDropout2D(drop)(x)
    if se:
        x = squeeze_excite_block(x)
    return x


def attention_gate(x, g, n):
    theta = Conv2D(n, (2, 2), strides=(2, 2), padding='same')(x)
    phi = Conv2D(n, (1, 1), padding='same')(g)
    f = Activation('relu')(add([theta, phi]))
    psi = Conv2D(1, (1, 1), padding='same')(f)
    s = Activation('sigmoid')(psi)
    s = Conv2DTranspose(1, (2, 2), strides=(2, 2), padding='same')(s)
    s = Lambda(lambda t, rep: K.repeat_elements(t, rep, axis=3), arguments={'rep': K.int_shape(x)[3]})(s)
    return multiply([s, x])


def get_unet(rows=32, cols=32, base=4):
    inputs = Input((rows, cols, 1))
    conv1 = conv_block(inputs, base)
    pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
    conv2 = conv_block(pool1, base * 2)
    pool2 = MaxPooling2D(pool_size=(2, 2))(conv2)
    conv3 = conv_block(pool2, base * 4, drop=0.3)
    att2 = attention_gate(conv2, conv3, base * 2)
    up4 = concatenate([Conv2DTranspose(base * 2, (2, 2), strides=(2, 2), padding='same')(conv3), att2], axis=3)
    conv4 = conv_block(up4, base * 2)
    att1 = attention_gate(conv1, conv4, base)
    up5 = concatenate([Conv2DTranspose(base, (2, 2), strides=(2, 2), padding='same')(conv4), att1], axis=3)
    conv5 = conv_block(up5, base, se=False)
    out = Conv2D(1, (1, 1), activation='sigmoid')(conv5)
    model = Model(inputs=[inputs], outputs=[out])
    model.compile(optimizer=Adam(lr=1e-5), loss=dice_coef_loss, metrics=[dice_coef])
    return model


model = get_unet()
