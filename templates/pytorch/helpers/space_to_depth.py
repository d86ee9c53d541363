def space_to_depth(x, block_size):
    """Blocks of block_size by block_size become channels, in the order (row, column, channel)."""
    batch, channels, height, width = x.shape
    height, width = height // block_size, width // block_size
    x = x.reshape(batch, channels, height, block_size, width, block_size).permute(0, 3, 5, 1, 2, 4)
    return x.reshape(batch, -1, height, width)
