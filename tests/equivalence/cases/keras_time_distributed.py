# TimeDistributed
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a = layers.TimeDistributed(layers.Dense(5, activation='relu'))
        self.c = layers.TimeDistributed(layers.Conv2D(3, 3))
        self.d = layers.TimeDistributed(layers.Flatten())

    def call(self, x):
        y = self.d(self.c(x))
        return self.a(y)


model = Net()
model(keras.Input((4, 6, 5, 3)))
