# needs: torch
def minimum_tensors(tensors):
    """The least of the tensors of a list, element by element."""
    least = tensors[0]
    for tensor in tensors[1:]:
        least = torch.minimum(least, tensor)
    return least
