# Ported from two_bases.py (PyTorch) to Keras by Portolan.
# Input: Net.x=B,3
import keras
from keras import layers


# A class that derives from a layer and from something else is not ported, and that is said.


class Doubling:
    def twice(self, x):
        return x * 2


# PORT: a class that derives from torch.nn.Linear
#     class Both(nn.Linear, Doubling):
#         def forward(self, x):
#             return self.twice(super().forward(x))
pass


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.a = Both(3, 4)

    def call(self, x):
        return self.a(x)


Net()(keras.random.normal((1, 3)))
