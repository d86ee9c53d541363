def multiply_tensors(tensors):
    """The product of the tensors of a list."""
    product = tensors[0]
    for tensor in tensors[1:]:
        product = product * tensor
    return product
