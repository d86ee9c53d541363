# needs: torch.nn
def resolve_activation(name):
    """The module for an activation given by name, by function or as a module."""
    if name is None:
        return nn.Identity()
    if isinstance(name, nn.Module):
        return name
    names = {
        "linear": nn.Identity,
        "relu": nn.ReLU,
        "relu6": nn.ReLU6,
        "leaky_relu": lambda: nn.LeakyReLU(0.2),
        "elu": nn.ELU,
        "selu": nn.SELU,
        "celu": nn.CELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "swish": nn.SiLU,
        "mish": nn.Mish,
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "log_sigmoid": nn.LogSigmoid,
        "hard_sigmoid": nn.Hardsigmoid,
        "hard_swish": nn.Hardswish,
        "softplus": nn.Softplus,
        "softsign": nn.Softsign,
        "softmax": lambda: nn.Softmax(dim=-1),
        "log_softmax": lambda: nn.LogSoftmax(dim=-1),
    }
    if isinstance(name, str):
        if name not in names:
            raise ValueError(f"unknown activation {name!r}")
        return names[name]()

    class Function(nn.Module):
        def forward(self, x):
            return name(x)

    return Function()
