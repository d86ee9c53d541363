# needs: keras.ops
def linear_map(x, weight, bias=None):
    """x W^T + b, with weights (out, in)."""
    x = ops.matmul(x, ops.transpose(weight))
    return x if bias is None else x + bias
