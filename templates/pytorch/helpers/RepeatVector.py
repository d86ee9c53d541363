# needs: torch.nn
class RepeatVector(nn.Module):
    """(N, F) to (N, n, F)."""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        return x.unsqueeze(1).expand(-1, self.n, -1)
