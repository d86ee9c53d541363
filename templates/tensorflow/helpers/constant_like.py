# needs: keras.ops
def constant_like(x, data):
    """Numbers as a tensor of the type of x."""
    return ops.convert_to_tensor(data, x.dtype)
