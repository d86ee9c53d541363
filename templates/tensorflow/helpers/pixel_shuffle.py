# needs: keras.ops
def pixel_shuffle(x, upscale_factor):
    """(N, H, W, C * r * r) to (N, H * r, W * r, C); channel c * r * r + i * r + j."""
    r = upscale_factor
    n, h, w, c = ops.shape(x)
    x = ops.reshape(x, (n, h, w, c // (r * r), r, r))
    x = ops.transpose(x, (0, 1, 4, 2, 5, 3))
    return ops.reshape(x, (n, h * r, w * r, c // (r * r)))
