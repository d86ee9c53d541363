# needs: keras.layers keras.ops
class LSTMCell(layers.Layer):
    """One step of an LSTM: of its input and its two states the next two."""

    def __init__(self, hidden_size, bias=True, **kwargs):
        super().__init__(**kwargs)
        self.cell = layers.LSTMCell(hidden_size, use_bias=bias)

    def call(self, x, states=None):
        if states is None:
            zeros = ops.zeros((ops.shape(x)[0], self.cell.units), dtype=x.dtype)
            states = (zeros, zeros)
        return tuple(self.cell(x, list(states))[1])
