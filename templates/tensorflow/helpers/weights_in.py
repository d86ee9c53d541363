def weights_in(value):
    """The trained weights of layers that nested lists and dictionaries hold."""
    if hasattr(value, "trainable_weights"):
        return value.trainable_weights
    items = value.values() if isinstance(value, dict) else value
    return [weight for item in items for weight in weights_in(item)]
