import copy
from tensorflow import keras
from tensorflow.keras import layers

ARGS = [
    {"repeats": 1, "filters": 4, "strides": 1},
    {"repeats": 2, "filters": 6, "strides": 2},
    {"repeats": 3, "filters": 8, "strides": 2},
]


def block(x, filters, strides=1, rate=0.0, name=""):
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", name=name + "conv")(x)
    y = layers.BatchNormalization(name=name + "bn")(y)
    y = layers.Activation("relu", name=name + "relu")(y)
    if rate > 0:
        y = layers.Dropout(rate, name=name + "drop")(y)
    return y


def net(blocks_args="default", drop=0.2, classes=5):
    if blocks_args == "default":
        blocks_args = ARGS
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(4, 3, padding="same")(inputs)
    blocks_args = copy.deepcopy(blocks_args)
    b = 0
    blocks = float(sum(args["repeats"] for args in blocks_args))
    for i, args in enumerate(blocks_args):
        args["filters"] = args["filters"] + 1
        for j in range(args.pop("repeats")):
            if j > 0:
                args["strides"] = 1
            x = block(x, rate=drop * b / blocks, name=f"block{i}{j}", **args)
            b += 1
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(classes)(x)
    return keras.Model(inputs, outputs)


model = net()
