def mean_squared_error(outputs, targets):
    """The mean of the squared differences."""
    return (outputs - targets).square().mean()
