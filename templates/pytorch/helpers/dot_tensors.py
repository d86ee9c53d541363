# needs: torch torch.nn.functional
def dot_tensors(tensors, axes, normalize=False):
    """Products along an axis of two tensors, for each of a batch."""
    one, other = tensors
    axes = tuple(axes) if isinstance(axes, (tuple, list)) else (axes,)
    first, last = axes[0], axes[-1]
    if normalize:
        one, other = F.normalize(one, dim=first), F.normalize(other, dim=last)
    one = one.movedim(first, -1)
    other = other.movedim(last, -1)
    kept = one.shape[1:-1] + other.shape[1:-1]
    one = one.reshape(one.shape[0], -1, one.shape[-1])
    other = other.reshape(other.shape[0], -1, other.shape[-1])
    out = torch.bmm(one, other.transpose(1, 2))
    return out.reshape(one.shape[0], *(kept or (1,)))
