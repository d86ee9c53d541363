def mean_absolute_error(outputs, targets):
    """The mean of the absolute differences."""
    return (outputs - targets).abs().mean()
