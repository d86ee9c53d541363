import tensorflow as tf
class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.d = tf.keras.layers.Dense(3)
    def call(self, x):
        return self.d(x)
    def build_graph(self):
        x = tf.keras.Input(shape=(7,))
        return tf.keras.Model(inputs=[x], outputs=self(x))
net = Net()
net.build_graph().summary()
