# needs: keras keras.layers
def resolve_activation(name):
    """The layer for an activation given by name, by function or as a layer."""
    if isinstance(name, layers.Layer):
        return name
    return layers.Activation(name)
