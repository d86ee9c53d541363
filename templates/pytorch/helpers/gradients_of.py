# needs: torch
def gradients_of(loss, network, retain_graph=False):
    """The gradients of a loss by a network's own parameters."""
    parameters = [p for p in network.parameters() if p.requires_grad]
    return torch.autograd.grad(loss, parameters, retain_graph=retain_graph)
