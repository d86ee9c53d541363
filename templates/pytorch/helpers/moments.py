# needs: torch
def moments(x, axes=None, keepdims=False):
    """The mean and the variance, with n in the denominator."""
    variance, mean = torch.var_mean(x, axes, correction=0, keepdim=keepdims)
    return mean, variance
