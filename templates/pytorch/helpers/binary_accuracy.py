def binary_accuracy(outputs, targets, threshold=0.5):
    """The share of outputs on the target's side of the threshold."""
    return ((outputs > threshold) == (targets > 0.5)).float().mean()
