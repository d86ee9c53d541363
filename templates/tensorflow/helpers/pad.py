# needs: keras.ops
def pad(x, pad_width, mode="constant", value=0.0):
    """Pads every axis by a pair; a negative number cuts off.

    mode: constant, reflect, replicate, circular.
    """
    for axis, (before, after) in enumerate(pad_width):
        if before == after == 0:
            continue
        if mode == "constant":
            index = [slice(None)] * len(x.shape)
            index[axis] = slice(max(-before, 0), after if after < 0 else None)
            if before < 0 or after < 0:
                x = x[tuple(index)]
            pads = [(0, 0)] * len(x.shape)
            pads[axis] = (max(before, 0), max(after, 0))
            x = ops.pad(x, pads, constant_values=value)
            continue
        n = x.shape[axis]
        places = range(-before, n + after)
        if mode == "reflect":
            places = [n - 1 - abs(n - 1 - abs(i)) for i in places]
        elif mode == "replicate":
            places = [min(max(i, 0), n - 1) for i in places]
        else:
            places = [i % n for i in places]
        x = ops.take(x, places, axis=axis)
    return x
