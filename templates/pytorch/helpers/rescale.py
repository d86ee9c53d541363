def rescale(x, scale, offset=0.0):
    return x * scale + offset
