# needs: keras.layers
class Unported(layers.Layer):
    """Stands where nothing could be ported; raises when it is reached."""

    def __init__(self, what, **kwargs):
        super().__init__(**kwargs)
        self.what = what

    def call(self, *inputs, **kwargs):
        raise NotImplementedError(self.what)
