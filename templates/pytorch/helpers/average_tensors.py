def average_tensors(tensors):
    """The mean of the tensors of a list."""
    return sum(tensors[1:], tensors[0]) / len(tensors)
