# needs: helper:image_data
def load_cifar10():
    """CIFAR10: images (n, 32, 32, 3) and labels (n, 1), to train with and to test with."""
    return tuple((x, y.reshape(-1, 1)) for x, y in image_data("CIFAR10"))
