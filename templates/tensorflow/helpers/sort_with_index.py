# needs: keras.ops collections
SortedAndIndices = collections.namedtuple("SortedAndIndices", "values indices")


def sort_with_index(x, axis=-1, descending=False):
    """The values along an axis in their order, and where they were."""
    order = ops.argsort(-x if descending else x, axis=axis)
    return SortedAndIndices(ops.take_along_axis(x, order, axis), order)
