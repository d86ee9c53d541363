def depth_to_space(x, block_size):
    """Channels, in the order (row, column, channel), become blocks of block_size by block_size."""
    batch, channels, height, width = x.shape
    x = x.reshape(batch, block_size, block_size, -1, height, width).permute(0, 3, 4, 1, 5, 2)
    return x.reshape(batch, -1, height * block_size, width * block_size)
