# needs: torch
def take_items(x, indices, dim):
    """The items of x along an axis, for indices of any shape."""
    dim = dim % x.dim()
    out = torch.index_select(x, dim, indices.reshape(-1).long())
    return out.reshape(*x.shape[:dim], *indices.shape, *x.shape[dim + 1 :])
