# needs: torch.nn
class TimeDistributed(nn.Module):
    """Runs a module on every step of (N, T, ...)."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        out = self.module(x.reshape(-1, *x.shape[2:]))
        return out.reshape(x.shape[0], x.shape[1], *out.shape[1:])
