# needs: keras.ops
def lerp(start, end, weight):
    """What lies between start and end, by weight."""
    return start + weight * (end - start)
