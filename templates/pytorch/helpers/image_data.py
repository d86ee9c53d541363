# needs: import:numpy:np
def image_data(name):
    """A data set of images as arrays: (images, labels) to train with, and to test with."""
    from torchvision import datasets  # no part of PyTorch itself, and needed for nothing else

    parts = []
    for train in (True, False):
        data = getattr(datasets, name)("data", train=train, download=True)
        parts.append((np.asarray(data.data), np.asarray(data.targets)))
    return tuple(parts)
