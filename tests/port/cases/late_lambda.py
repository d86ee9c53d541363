from keras.models import Model
from keras.layers import Input, Conv2D, Lambda, concatenate, GlobalAveragePooling2D, Dense


def grouped(x, width, groups):
    parts = []
    for c in range(groups):
        g = Lambda(lambda z: z[:, :, :, c * width:(c + 1) * width])(x)
        parts.append(Conv2D(width, (3, 3), padding='same')(g))
    return concatenate(parts, axis=-1)


inputs = Input(shape=(8, 8, 16))
x = grouped(inputs, 4, 4)
model = Model(inputs, Dense(3)(GlobalAveragePooling2D()(x)))
