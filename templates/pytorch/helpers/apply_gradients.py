def apply_gradients(optimizer, gradients):
    """A step of the optimizer by these gradients of its parameters."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    parameters = [p for p in parameters if p.requires_grad]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient
    optimizer.step()
