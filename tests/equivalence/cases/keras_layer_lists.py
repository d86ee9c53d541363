# Layers in plain lists and dictionaries
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self, units=(8, 16), classes=3):
        super().__init__()
        self.a = [layers.Dense(u, activation="relu") for u in units]
        self.b = []
        for u in units:
            self.b.append(layers.Dense(u))
        c = []
        for u in units:
            c += [layers.Dense(u)]
        self.c = c
        self.d = {"x": layers.Dense(4), "y": layers.Dense(classes)}

    def call(self, x):
        for l in self.a:
            x = l(x)
        for l in self.b:
            x = l(x)
        for l in self.c:
            x = l(x)
        return self.d["y"](self.d["x"](x))


net = Net()
net.build((None, 5))
