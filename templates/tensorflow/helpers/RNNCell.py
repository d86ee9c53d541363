# needs: keras.layers keras.ops
class RNNCell(layers.Layer):
    """One step of a plain recurrent layer: of its input and its state the next state."""

    def __init__(self, hidden_size, bias=True, nonlinearity="tanh", **kwargs):
        super().__init__(**kwargs)
        self.cell = layers.SimpleRNNCell(hidden_size, use_bias=bias, activation=nonlinearity)

    def call(self, x, state=None):
        if state is None:
            state = ops.zeros((ops.shape(x)[0], self.cell.units), dtype=x.dtype)
        return self.cell(x, [state])[0]
