from tensorflow import keras
from tensorflow.keras import layers
def build(n=3, units=16):
    inp = keras.Input((20, 8))
    x = inp
    for i in range(n):
        x = layers.LSTM(units, return_sequences=(i < n - 1), dropout=0.2)(x)
        x = layers.BatchNormalization()(x)
    out = layers.Dense(1)(x)
    return keras.Model(inp, out)
model = build()
