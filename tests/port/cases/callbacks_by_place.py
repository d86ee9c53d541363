import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint, TensorBoard


class Mine(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(epoch, logs["loss"])


x = np.random.random((64, 8)).astype("float32")
y = np.random.randint(0, 3, (64,))
model = keras.Sequential([layers.Dense(3, activation="softmax", input_shape=(8,))])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
board = TensorBoard("logs")
check = ModelCheckpoint("best.h5", "val_loss", 1, True, True)
stop = EarlyStopping(monitor="val_loss", patience=3, baseline=0.5)
model.fit(x, y, epochs=2, validation_data=(x, y), callbacks=[check, stop, board, Mine()])
