def subtract_tensors(tensors):
    """The difference of the two tensors of a list."""
    return tensors[0] - tensors[1]
