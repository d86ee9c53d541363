# Layers under names of their own in loops, nested and conditional, and numbers that change from round to round.
from keras.models import Model
from keras.layers import Input, Dense, Dropout, Concatenate, Lambda, BatchNormalization, Activation


def get_model(widths):
    x = inp = Input(shape=(12,))
    outs = []
    for i, w in enumerate(widths):
        scale = 2 ** i
        x = Dense(w)(x)
        x = Lambda(lambda t, k=scale: t * k)(x)
        x = x * scale
        if i > 0:
            drop = Dropout(0.3)
            x = drop(x)
        for j in range(2):
            fc, bn = Dense(w, name='fc%d_%d' % (i, j)), BatchNormalization()
            act = Activation('relu')
            x = act(bn(fc(x)))
        outs.append(x)
    x = Concatenate()(outs)
    return Model(inp, x)


model = get_model([8, 6, 4])
