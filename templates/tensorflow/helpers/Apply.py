# needs: keras.layers
class Apply(layers.Layer):
    """A function of tensors, with its options, as a layer."""

    def __init__(self, function, *args, **options):
        super().__init__()
        self.function = function
        self.args = args
        self.options = options

    def call(self, *tensors):
        return self.function(*tensors, *self.args, **self.options)
