# needs: torch.nn
class Permute(nn.Module):
    """Permutes the axes behind the batch; they count from 1."""

    def __init__(self, dims):
        super().__init__()
        self.dims = tuple(dims)

    def forward(self, x):
        return x.permute(0, *self.dims)
