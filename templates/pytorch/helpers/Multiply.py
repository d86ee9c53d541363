# needs: torch.nn
class Multiply(nn.Module):
    """Multiplies the tensors of a list."""

    def forward(self, tensors):
        result = tensors[0]
        for tensor in tensors[1:]:
            result = result * tensor
        return result
