# Layers that matter in training only
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.g = layers.GaussianNoise(0.1)
        self.d = layers.GaussianDropout(0.2)
        self.s = layers.SpatialDropout2D(0.3)
        self.t = layers.SpatialDropout1D(0.3)
        self.a = layers.AlphaDropout(0.2)
        self.r = layers.ActivityRegularization(l2=0.1)

    def call(self, x):
        x = self.s(self.g(x))
        return self.r(self.a(self.d(x))), self.t(x[:, 0])


model = Net()
model(keras.Input((6, 5, 3)))
