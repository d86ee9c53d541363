# Ported from worked_example.py (PyTorch) to Keras by Portolan.
# Input: Net.x=B,32,32,3
import keras
from keras import layers, ops


class Block(keras.Model):
    def __init__(self, cin, cout, stride=1, **kwargs):
        super().__init__(**kwargs)
        self.conv_pad = layers.ZeroPadding2D()
        self.conv = layers.Conv2D(cout, 3, strides=stride, use_bias=False)
        self.bn = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
        self.proj = (
            layers.Conv2D(cout, 1, strides=stride)
            if stride != 1 or cin != cout
            else layers.Identity()
        )

    def call(self, x, training=None):
        return ops.relu(
            self.bn(self.conv(self.conv_pad(x)), training=training) + self.proj(x)
        )


class Net(keras.Model):
    def __init__(self, widths=(16, 32, 64), classes=10, **kwargs):
        super().__init__(**kwargs)
        blocks, c = [], 3
        for i, w in enumerate(widths):
            blocks.append(Block(c, w, stride=1 if i == 0 else 2))
            c = w
        self.body = keras.Sequential(blocks)
        self.head = layers.Dense(classes)

    def call(self, x, training=None):
        return self.head(ops.mean(self.body(x, training=training), axis=(1, 2)))


if __name__ == "__main__":
    print(
        ops.shape(
            Net()(ops.transpose(keras.random.normal((1, 3, 32, 32)), (0, 2, 3, 1)))
        )
    )
