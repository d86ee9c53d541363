# needs: keras.ops collections
ValuesAndIndices = collections.namedtuple("ValuesAndIndices", "values indices")


def max_with_index(x, axis, keepdims=False):
    """The largest values along an axis, and where they are."""
    return ValuesAndIndices(
        ops.max(x, axis=axis, keepdims=keepdims),
        ops.argmax(x, axis=axis, keepdims=keepdims),
    )
