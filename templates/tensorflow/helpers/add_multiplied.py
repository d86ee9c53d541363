# needs: keras.ops
def add_multiplied(x, first, second, value=1):
    """x + value first second, by element."""
    return x + value * first * second
