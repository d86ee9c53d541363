def correct_pad(x, kernel_size):
    """The padding in front of a strided window that "same" would give it: a pair for the rows, one for the columns."""
    kernel = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return tuple((k // 2 - (1 - n % 2), k // 2) for k, n in zip(kernel, x.shape[2:]))
