def built(layer, shape):
    """A layer whose weights are there before its first call."""
    layer.build(shape)
    return layer
