# needs: torch.nn
class Unported(nn.Module):
    """Stands where nothing could be ported; raises when it is reached."""

    def __init__(self, what):
        super().__init__()
        self.what = what

    def forward(self, *inputs):
        raise NotImplementedError(self.what)
