# needs: keras.ops
def cast_like(x, other):
    return ops.cast(x, other.dtype)
