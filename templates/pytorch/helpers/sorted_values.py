# needs: torch
def sorted_values(x, axis=-1, descending=False):
    """The values along an axis in their order."""
    return torch.sort(x, dim=axis, descending=descending).values
