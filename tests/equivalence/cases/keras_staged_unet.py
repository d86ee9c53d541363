# unet with skips in a list
from keras import layers, Model, Input


def double_conv(x, n):
    x = layers.Conv2D(n, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Conv2D(n, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    return x


def down(x, n):
    f = double_conv(x, n)
    p = layers.MaxPool2D(2)(f)
    p = layers.Dropout(0.3)(p)
    return f, p


def up(x, skip, n):
    x = layers.Conv2DTranspose(n, 3, 2, padding="same")(x)
    x = layers.concatenate([x, skip])
    x = layers.Dropout(0.3)(x)
    return double_conv(x, n)


def build_unet(size=64, depth=3, base=8):
    inputs = Input(shape=(size, size, 3))
    skips = []
    x = inputs
    for i in range(depth):
        f, x = down(x, base * 2 ** i)
        skips.append(f)
    x = double_conv(x, base * 2 ** depth)
    for i in reversed(range(depth)):
        x = up(x, skips[i], base * 2 ** i)
    outputs = layers.Conv2D(3, 1, padding="same", activation="softmax")(x)
    return Model(inputs, outputs, name="U-Net")


unet = build_unet()
