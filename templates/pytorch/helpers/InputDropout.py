# needs: torch torch.nn torch.nn.functional
class InputDropout(nn.Module):
    """Dropout on a sequence (N, T, F) with one mask for all steps."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * F.dropout(torch.ones_like(x[:, :1]), self.p, self.training)
