# needs: keras.layers keras.ops
class GRUCell(layers.Layer):
    """One step of a GRU: of its input and its state the next state."""

    def __init__(self, hidden_size, bias=True, **kwargs):
        super().__init__(**kwargs)
        self.cell = layers.GRUCell(hidden_size, use_bias=bias, reset_after=True)

    def call(self, x, state=None):
        if state is None:
            state = ops.zeros((ops.shape(x)[0], self.cell.units), dtype=x.dtype)
        return self.cell(x, [state])[0]
