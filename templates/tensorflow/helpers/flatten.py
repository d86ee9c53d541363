# needs: keras.ops
def flatten(x, start_dim=0, end_dim=-1):
    """Joins neighbouring axes."""
    rank = len(x.shape)
    shape = ops.shape(x)
    first, last = start_dim % rank, end_dim % rank
    if first == 0 or all(isinstance(n, int) for n in shape[:first] + shape[last + 1 :]):
        return ops.reshape(x, (*shape[:first], -1, *shape[last + 1 :]))
    size = 1
    for n in shape[first : last + 1]:
        size = size * n
    outer = [-1 if n is None else n for n in (*shape[:first], *shape[last + 1 :])]
    return ops.reshape(x, (*outer[:first], size, *outer[first:]))
