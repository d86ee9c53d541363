def add_tensors(tensors):
    """The sum of the tensors of a list."""
    return sum(tensors[1:], tensors[0])
