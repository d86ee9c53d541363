# Activations as strings
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d0 = layers.Dense(4, activation='relu')
        self.d1 = layers.Dense(4, activation='relu6')
        self.d2 = layers.Dense(4, activation='elu')
        self.d3 = layers.Dense(4, activation='selu')
        self.d4 = layers.Dense(4, activation='gelu')
        self.d5 = layers.Dense(4, activation='silu')
        self.d6 = layers.Dense(4, activation='softplus')
        self.d7 = layers.Dense(4, activation='softsign')
        self.d8 = layers.Dense(4, activation='tanh')
        self.d9 = layers.Dense(4, activation='sigmoid')
        self.d10 = layers.Dense(4, activation='hard_sigmoid')
        self.d11 = layers.Dense(4, activation='exponential')
        self.d12 = layers.Dense(4, activation='leaky_relu')
        self.d13 = layers.Dense(4, activation='mish')
        self.d14 = layers.Dense(4, activation='softmax')
        self.d15 = layers.Dense(4, activation='linear')

    def call(self, x):
        return [self.d0(x), self.d1(x), self.d2(x), self.d3(x), self.d4(x), self.d5(x), self.d6(x), self.d7(x), self.d8(x), self.d9(x), self.d10(x), self.d11(x), self.d12(x), self.d13(x), self.d14(x), self.d15(x)]


model = Net()
model(keras.Input((5,)))
