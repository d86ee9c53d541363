# needs: keras.layers keras.ops
class RecurrentStack(layers.Layer):
    """Recurrent layers stacked, returning every step and the states.

    The states have the shape (layers * directions, N, units); a GRU and a simple
    RNN return h, an LSTM (h, c).
    """

    def __init__(
        self,
        layer,
        units,
        num_layers=1,
        bidirectional=False,
        dropout=0.0,
        batch_first=True,
        **options,
    ):
        super().__init__()
        self.batch_first = batch_first
        self.bidirectional = bidirectional
        options.update(return_sequences=True, return_state=True)
        self.stack = []
        for _ in range(num_layers):
            self.stack.append(layer(units, **options))
            if bidirectional:
                self.stack.append(layer(units, go_backwards=True, **options))
        self.dropout = layers.Dropout(dropout)

    def call(self, x, state=None, training=None):
        if not self.batch_first:
            x = ops.transpose(x, (1, 0, 2))
        given = None
        if state is not None:
            given = state if isinstance(state, (tuple, list)) else (state,)
        directions = 2 if self.bidirectional else 1
        states = []
        for i in range(len(self.stack) // directions):
            forward = self.stack[i * directions]
            if i:
                x = self.dropout(x, training=training)
            initial = [None] * directions
            if given is not None:
                initial = [[s[i * directions + d] for s in given] for d in range(directions)]
            out, *last = forward(x, initial_state=initial[0], training=training)
            states.append(last)
            if self.bidirectional:
                back, *last = self.stack[i * directions + 1](
                    x, initial_state=initial[1], training=training
                )
                states.append(last)
                out = ops.concatenate((out, ops.flip(back, axis=1)), axis=-1)
            x = out
        if not self.batch_first:
            x = ops.transpose(x, (1, 0, 2))
        stacked = [ops.stack(parts, axis=0) for parts in zip(*states)]
        return x, stacked[0] if len(stacked) == 1 else tuple(stacked)
