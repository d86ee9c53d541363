# needs: helper:image_data
def load_mnist():
    """MNIST: images (n, 28, 28) and labels (n,), to train with and to test with."""
    return image_data("MNIST")
