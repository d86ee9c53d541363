# needs: keras.ops
def affine_grid(theta, size, align_corners=False):
    """Where the pixels of an image of this size (B, C, H, W) come from: (B, H, W, 2), in -1 to 1."""

    def places(n):
        edge = 1.0 if align_corners else 1.0 - 1.0 / n
        return ops.linspace(-edge, edge, n)

    y, x = ops.meshgrid(places(size[2]), places(size[3]), indexing="ij")
    base = ops.stack([x, y, ops.ones_like(x)], axis=-1)
    return ops.einsum("hwk,bik->bhwi", base, theta)
