# Sequential of many kinds
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((11, 9, 3)),
        layers.Conv2D(4, 3, strides=2, padding='same', activation='relu'),
        layers.BatchNormalization(),
        layers.LeakyReLU(),
        layers.MaxPooling2D(2, padding='same'),
        layers.SeparableConv2D(6, 3, padding='same'),
        layers.Conv2DTranspose(5, 3, strides=2, padding='same'),
        layers.UpSampling2D(),
        layers.Dropout(0.3),
        layers.GlobalAveragePooling2D(),
        layers.Dense(4, activation='softmax'),
    ]
)
