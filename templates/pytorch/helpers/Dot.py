# needs: torch torch.nn torch.nn.functional
class Dot(nn.Module):
    """Products along an axis of two tensors, for each of a batch."""

    def __init__(self, axes, normalize=False):
        super().__init__()
        self.axes = axes if isinstance(axes, (tuple, list)) else (axes, axes)
        if len(self.axes) == 1:
            self.axes = (*self.axes, *self.axes)
        self.normalize = normalize

    def forward(self, tensors):
        one, other = tensors
        if self.normalize:
            one = F.normalize(one, dim=self.axes[0])
            other = F.normalize(other, dim=self.axes[1])
        one = one.movedim(self.axes[0], -1)
        other = other.movedim(self.axes[1], -1)
        kept = one.shape[1:-1] + other.shape[1:-1]
        one = one.reshape(one.shape[0], -1, one.shape[-1])
        other = other.reshape(other.shape[0], -1, other.shape[-1])
        out = torch.bmm(one, other.transpose(1, 2))
        return out.reshape(one.shape[0], *(kept or (1,)))
