# needs: keras.ops
def cosine_similarity(x, y, axis=1, eps=1e-8):
    """The cosine of the angle between vectors along an axis."""
    product = ops.sum(x * y, axis=axis)
    lengths = [ops.sqrt(ops.sum(ops.square(t), axis=axis)) for t in (x, y)]
    return product / (ops.maximum(lengths[0], eps) * ops.maximum(lengths[1], eps))
