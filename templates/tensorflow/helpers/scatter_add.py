# needs: keras.ops helper:places_along
def scatter_add(x, axis, index, values):
    """x with values added at the places that index names along an axis."""
    values = ops.broadcast_to(ops.cast(values, x.dtype), ops.shape(index))
    return x + ops.scatter(places_along(axis, index), ops.reshape(values, (-1,)), ops.shape(x))
