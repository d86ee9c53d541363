# needs: torch
def clipped_relu(x, max_value=None, negative_slope=0.0, threshold=0.0):
    """max_value above it, x from the threshold on, a slope below."""
    below = negative_slope * (x - threshold)
    result = torch.where(x >= threshold, x, below)
    return result if max_value is None else result.clamp(max=max_value)
