# needs: torch.nn
def weights_in(value):
    """The weights that nested lists and dictionaries hold."""
    if isinstance(value, nn.Parameter):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    if not isinstance(items, (list, tuple)) and not isinstance(value, dict):
        return []
    return [weight for item in items for weight in weights_in(item)]
