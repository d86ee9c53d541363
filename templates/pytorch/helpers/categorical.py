# needs: torch
def categorical(logits, num_samples):
    """Indices drawn by unnormalised log-probabilities, each row for itself."""
    return torch.multinomial(torch.softmax(logits, dim=-1), num_samples, replacement=True)
