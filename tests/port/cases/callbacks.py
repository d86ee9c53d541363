import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau

x_train = np.random.random((64, 8)).astype("float32")
y_train = np.random.randint(0, 3, (64,))
x_val = np.random.random((32, 8)).astype("float32")
y_val = np.random.randint(0, 3, (32,))

model = keras.Sequential([
    layers.Dense(16, activation="relu", input_shape=(8,)),
    layers.Dropout(0.2),
    layers.Dense(3, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
callbacks = [
    EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True),
    ModelCheckpoint("best.h5", save_best_only=True),
    ReduceLROnPlateau(factor=0.5, patience=2),
]
history = model.fit(x_train, y_train, batch_size=16, epochs=5, validation_data=(x_val, y_val), callbacks=callbacks, verbose=2)
score = model.evaluate(x_val, y_val, verbose=0)
print("loss", score[0], "accuracy", score[1])
pred = model.predict(x_val)
print(np.argmax(pred, axis=1)[:5], history.history["val_accuracy"][-1])
