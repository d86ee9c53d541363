# needs: torch
def generate_square_subsequent_mask(sz, device=None, dtype=None):
    """Minus infinity where a place comes later, zero elsewhere."""
    return torch.triu(torch.full((sz, sz), float("-inf")), diagonal=1)
