from tensorflow import keras
from tensorflow.keras import layers
class Net(keras.Model):
    def __init__(self, n=3, units=16):
        super().__init__()
        self.rnns = [layers.Bidirectional(layers.GRU(units, return_sequences=i != n - 1)) for i in range(n)]
        self.head = layers.Dense(2)
    def call(self, x):
        for r in self.rnns:
            x = r(x)
        return self.head(x)
net = Net()
net.build((None, 12, 5))
