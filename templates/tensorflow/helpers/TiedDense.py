# needs: keras.layers keras.ops
class TiedDense(layers.Layer):
    """A dense layer with the weights of another layer: those of a dense one, or an embedding's table, transposed."""

    def __init__(self, source, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        self.source = source
        self.use_bias = use_bias

    def build(self, input_shape):
        units = self.source.input_dim if hasattr(self.source, "input_dim") else self.source.units
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(shape=(units,), initializer="zeros", name="bias")

    def call(self, x):
        tied = hasattr(self.source, "embeddings")
        kernel = ops.transpose(self.source.embeddings) if tied else self.source.kernel
        x = ops.matmul(x, kernel)
        return x if self.bias is None else x + self.bias
