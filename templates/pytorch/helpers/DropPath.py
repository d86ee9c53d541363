# needs: torch torch.nn
class DropPath(nn.Module):
    """Drops whole samples of a batch while training, and scales what is left."""

    def __init__(self, rate=0.0):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training or self.rate == 0.0:
            return x
        kept = torch.rand((x.shape[0],) + (1,) * (x.dim() - 1), device=x.device) >= self.rate
        return x * kept / (1.0 - self.rate)
