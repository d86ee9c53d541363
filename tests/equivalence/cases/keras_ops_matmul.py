# Products of matrices and einsum
import keras
from keras import layers, ops


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = layers.Dense(6)

    def call(self, x):
        y = self.d(x)
        a = ops.matmul(x, ops.transpose(y, (0, 2, 1)))
        return a, ops.einsum('bij,bkj->bik', x, y), ops.softmax(a) @ y, ops.dot(x, self.d.kernel)


model = Net()
model(keras.Input((5, 6)))
