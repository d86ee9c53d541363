from tensorflow.keras.layers import Layer, Conv1D, Activation, Dropout, BatchNormalization, SpatialDropout1D, Lambda, Dense, Input, add
from tensorflow.keras import Model
import tensorflow.keras.backend as K


def residual_block(x, dilation_rate, nb_filters, kernel_size, padding, activation='relu', dropout_rate=0.0):
    prev_x = x
    for k in range(2):
        x = Conv1D(filters=nb_filters, kernel_size=kernel_size, dilation_rate=dilation_rate,
                   kernel_initializer='he_normal', padding=padding)(x)
        x = BatchNormalization()(x)
        x = Activation(activation)(x)
        x = SpatialDropout1D(rate=dropout_rate)(x)

    # 1x1 conv to match the shapes (channel dimension).
    prev_x = Conv1D(nb_filters, 1, padding='same')(prev_x)
    res_x = add([prev_x, x])
    return res_x, x


def TCN(x, nb_filters=64, kernel_size=2, nb_stacks=1, dilations=(1, 2, 4, 8), padding='causal',
        use_skip_connections=True, dropout_rate=0.0, return_sequences=False):
    x = Conv1D(nb_filters, 1, padding=padding)(x)
    skip_connections = []
    for s in range(nb_stacks):
        for d in dilations:
            x, skip_out = residual_block(x, dilation_rate=d, nb_filters=nb_filters, kernel_size=kernel_size,
                                         padding=padding, activation='relu', dropout_rate=dropout_rate)
            skip_connections.append(skip_out)
    if use_skip_connections:
        x = add(skip_connections)
    if not return_sequences:
        x = Lambda(lambda tt: tt[:, -1, :])(x)
    return x


i = Input(shape=(40, 3))
o = TCN(i, nb_filters=16, kernel_size=3, dropout_rate=0.1)
o = Dense(1)(o)
m = Model(inputs=[i], outputs=[o])
m.compile(optimizer='adam', loss='mse')
