# Global pooling, kept or not, of any rank
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.GlobalAveragePooling2D()
        self.b = layers.GlobalMaxPooling2D(keepdims=True)
        self.c = layers.GlobalAveragePooling1D()
        self.d = layers.GlobalMaxPooling1D()
        self.e = layers.MaxPooling1D(2)

    def call(self, x):
        return self.a(x), self.b(x), self.c(x[:, 0]), self.d(x[:, 1]), self.e(x[:, 2])


model = Net()
model(keras.Input((6, 5, 3)))
