# needs: keras.ops
def pixel_unshuffle(x, downscale_factor):
    """(N, H * r, W * r, C) to (N, H, W, C * r * r), the inverse of pixel_shuffle."""
    r = downscale_factor
    n, h, w, c = ops.shape(x)
    x = ops.reshape(x, (n, h // r, r, w // r, r, c))
    x = ops.transpose(x, (0, 1, 3, 5, 2, 4))
    return ops.reshape(x, (n, h // r, w // r, c * r * r))
