# needs: torch torch.nn
class Normalization(nn.Module):
    """Takes off the mean and divides by the deviation of what it was adapted to; channels stand at axis 1."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(1))
        self.register_buffer("variance", torch.ones(1))

    def adapt(self, data):
        axes = [axis for axis in range(data.dim()) if axis != 1]
        self.mean = data.mean(axes)
        self.variance = data.var(axes, correction=0)

    def forward(self, x):
        mean, variance = (v.view(1, -1, *(1,) * (x.dim() - 2)) for v in (self.mean, self.variance))
        return (x - mean) / variance.sqrt().clamp(min=1e-7)
