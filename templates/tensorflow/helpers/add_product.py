# needs: keras.ops
def add_product(x, first, second, beta=1, alpha=1):
    """beta x + alpha (first @ second)."""
    return beta * x + alpha * ops.matmul(first, second)
