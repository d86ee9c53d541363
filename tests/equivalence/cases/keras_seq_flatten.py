# Sequential with a flatten of an image and a reshape to one
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((6, 5, 3)),
        layers.Conv2D(4, 3),
        layers.Flatten(),
        layers.Dense(12, activation='elu'),
        layers.Reshape((2, 2, 3)),
        layers.Conv2DTranspose(3, 2),
    ]
)
