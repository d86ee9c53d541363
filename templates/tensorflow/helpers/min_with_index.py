# needs: keras.ops collections
SmallestAndIndices = collections.namedtuple("SmallestAndIndices", "values indices")


def min_with_index(x, axis, keepdims=False):
    """The smallest values along an axis, and where they are."""
    return SmallestAndIndices(
        ops.min(x, axis=axis, keepdims=keepdims),
        ops.argmin(x, axis=axis, keepdims=keepdims),
    )
