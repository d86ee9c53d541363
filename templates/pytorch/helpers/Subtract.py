# needs: torch.nn
class Subtract(nn.Module):
    """Subtracts the second tensor of a list from the first."""

    def forward(self, tensors):
        return tensors[0] - tensors[1]
