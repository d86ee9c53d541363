# needs: torch
def maximum_tensors(tensors):
    """The greatest of the tensors of a list, element by element."""
    most = tensors[0]
    for tensor in tensors[1:]:
        most = torch.maximum(most, tensor)
    return most
