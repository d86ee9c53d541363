# needs: torch torch.nn
def truncated_normal(shape, mean=0.0, std=1.0):
    """Normally distributed numbers, none further from the mean than two standard deviations."""
    return nn.init.trunc_normal_(torch.empty(shape), mean, std, mean - 2 * std, mean + 2 * std)
