# needs: torch
def standardize(x, mean, variance):
    """(x - mean) / sqrt(variance), along the last axis."""
    mean, variance = (torch.as_tensor(v, dtype=x.dtype) for v in (mean, variance))
    return (x - mean) / variance.sqrt().clamp(min=1e-7)
