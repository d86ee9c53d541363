def categorical_accuracy(outputs, targets):
    """The share of inputs whose largest output is where the target's largest is."""
    return (outputs.argmax(1) == targets.argmax(1)).float().mean()
