# needs: keras.ops
def top_k(x, k, axis=-1):
    """The k largest values along an axis, and where they are."""
    values, indices = ops.top_k(ops.moveaxis(x, axis, -1), k)
    return ops.moveaxis(values, -1, axis), ops.moveaxis(indices, -1, axis)
