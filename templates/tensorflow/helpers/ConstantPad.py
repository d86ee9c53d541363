# needs: keras.layers keras.ops
class ConstantPad(layers.Layer):
    """Pads the axes between batch and channels with a value."""

    def __init__(self, dimension, amounts, value=0.0, **kwargs):
        super().__init__(**kwargs)
        if isinstance(amounts, int):
            amounts = (amounts,) * dimension
        self.amounts = [p if isinstance(p, (tuple, list)) else (p, p) for p in amounts]
        self.value = value

    def call(self, x):
        pads = [(0, 0), *self.amounts, (0, 0)]
        return ops.pad(x, pads, constant_values=self.value)
