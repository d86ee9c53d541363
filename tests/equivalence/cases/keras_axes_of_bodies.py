# Attention over channels and places in Lambda layers, and softmax behind layers, at every order of axes
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras import backend as K


def squeeze_excite(x, ratio=4):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((1, 1, c))(s)
    s = layers.Dense(c // ratio, activation="relu", use_bias=False)(s)
    s = layers.Dense(c, activation="sigmoid", use_bias=False)(s)
    return layers.Multiply()([x, s])


def spatial_attention(x):
    avg = layers.Lambda(lambda t: K.mean(t, axis=3, keepdims=True))(x)
    mx = layers.Lambda(lambda t: K.max(t, axis=3, keepdims=True))(x)
    cat = layers.Concatenate(axis=3)([avg, mx])
    a = layers.Conv2D(1, 7, padding="same", activation="sigmoid", use_bias=False)(cat)
    return layers.Multiply()([x, a])


inp = keras.Input((16, 20, 3))
x = layers.Conv2D(8, 3, padding="same")(inp)
x = layers.PReLU(shared_axes=[1, 2])(x)
x = layers.LayerNormalization()(x)
x = squeeze_excite(x)
x = spatial_attention(x)
y = layers.Dense(8, activation="softmax")(x)
x = layers.Add()([x, y])
x = layers.Activation("log_softmax")(x)
x = layers.Conv2D(8, 3, activation="softmax", padding="same")(x)
x = layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2)(x)
x = layers.Permute((2, 1, 3))(x)
x = layers.Conv2D(4, 3)(x)
x = layers.ZeroPadding2D(((1, 0), (2, 1)))(x)
x = layers.Cropping2D(((0, 1), (1, 0)))(x)
z = layers.Reshape((-1, 4))(x)
z = layers.LSTM(5)(z)
w = layers.GlobalMaxPooling2D(keepdims=True)(x)
w = layers.Flatten()(w)
f = layers.Flatten()(x)
out = layers.Concatenate()([z, w, f])
out = layers.Dense(3, activation="softmax")(out)
model = keras.Model(inp, out)
