# needs: keras.ops
def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    """Divides by what the neighbouring channels hold."""
    before = size // 2
    pads = [(0, 0)] * (len(x.shape) - 1) + [(before, size - 1 - before)]
    squares = ops.pad(ops.square(x), pads)
    c = x.shape[-1]
    total = sum(squares[..., i : i + c] for i in range(size))
    return x / ops.power(k + alpha * total / size, beta)
