# Sequential for text
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((9,), dtype="int32"),
        layers.Embedding(10, 6),
        layers.SpatialDropout1D(0.2),
        layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
        layers.Conv1D(5, 3, activation='relu'),
        layers.GlobalMaxPooling1D(),
        layers.Dense(1, activation='sigmoid'),
    ]
)
