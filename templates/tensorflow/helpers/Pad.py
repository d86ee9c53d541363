# needs: keras.layers helper:pad
class Pad(layers.Layer):
    """Pads the axes between batch and channels; mode as in `pad`."""

    def __init__(self, padding, mode="constant", value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.padding = padding
        self.mode = mode
        self.value = value

    def call(self, x):
        dims = len(x.shape) - 2
        pads = self.padding
        if dims == 1 and isinstance(pads, (tuple, list)) and len(pads) == 2:
            pads = [pads]
        elif isinstance(pads, int):
            pads = [pads] * dims
        pads = [p if isinstance(p, (tuple, list)) else (p, p) for p in pads]
        return pad(x, [(0, 0), *pads, (0, 0)], self.mode, self.value)
