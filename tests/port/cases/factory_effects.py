from keras.models import Model
from keras.layers import Input, Conv2D, Dense, GlobalAveragePooling2D, Concatenate
from keras.optimizers import Adam


def body(x):
    x = Conv2D(8, 3, padding="same", activation="relu")(x)
    return Conv2D(16, 3, padding="same", activation="relu")(x)


def build(width):
    inputs = Input(shape=(16, 16, 3))
    base = Model(inputs, body(inputs))
    base.trainable = False
    for layer in base.layers[:2]:
        layer.trainable = False
    x = Concatenate()([base.output, base.layers[-2].output])
    x = GlobalAveragePooling2D()(x)
    model = Model(inputs, Dense(width)(x))
    model.compile(optimizer=Adam(1e-3), loss="mse")
    print("built", width)
    open("log.txt", "w").write("built")
    return model


model = build(3)
