# needs: torch
def keras2_hard_sigmoid(x):
    """The hard sigmoid of Keras 2, another than that of Keras 3."""
    return torch.clamp(0.2 * x + 0.5, 0.0, 1.0)
