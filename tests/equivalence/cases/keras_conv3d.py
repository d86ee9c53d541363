# Conv3D and pooling
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.c = layers.Conv3D(4, 3, padding='same')
        self.p = layers.MaxPooling3D(2)
        self.g = layers.GlobalAveragePooling3D()
        self.t = layers.Conv3DTranspose(3, 3, strides=2, padding='same')

    def call(self, x):
        x = self.p(self.c(x))
        return self.g(x), self.t(x)


model = Net()
model(keras.Input((4, 6, 5, 2)))
