# needs: keras.ops import:numpy:np
def set_items(x, index, value):
    """x with x[index] = value; the batch may be of any size where it is taken whole."""
    whole = bool(index) and index[0] == slice(None)
    rest = tuple(x.shape[1:] if whole else x.shape)
    size = int(np.prod(rest))
    places = np.arange(size).reshape(rest)[tuple(index[1:] if whole else index)]
    n = ops.shape(x)[:1] if whole else (1,)
    value = ops.cast(ops.convert_to_tensor(value), x.dtype)
    value = ops.broadcast_to(value, (*(n if whole else ()), *places.shape))
    both = ops.concatenate(
        (ops.reshape(x, (*n, size)), ops.reshape(value, (*n, places.size))), axis=1
    )
    take = np.arange(size)
    take[places.ravel()] = size + np.arange(places.size)
    return ops.reshape(ops.take(both, take, axis=1), ops.shape(x))
