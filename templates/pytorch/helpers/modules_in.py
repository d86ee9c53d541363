# needs: torch.nn
def modules_in(value):
    """The modules that nested lists and dictionaries hold."""
    if isinstance(value, nn.Module):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    if not isinstance(items, (list, tuple)) and not isinstance(value, dict):
        return []
    return [module for item in items for module in modules_in(item)]
