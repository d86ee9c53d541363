# needs: keras.ops
def constant(data, dtype=None):
    """A tensor of given numbers; whole numbers and truth values keep their type."""
    return ops.convert_to_tensor(data, dtype)
