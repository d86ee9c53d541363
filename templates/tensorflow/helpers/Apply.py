# needs: keras.layers
class Apply(layers.Layer):
    """A function of one tensor, with its options, as a layer."""

    def __init__(self, function, *args, **options):
        super().__init__()
        self.function = function
        self.args = args
        self.options = options

    def call(self, x):
        return self.function(x, *self.args, **self.options)
