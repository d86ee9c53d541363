# needs: torch torch.nn
class ProbabilityCrossEntropy(nn.Module):
    """Cross entropy of probabilities, scaled to a sum of one and kept from 0 and 1."""

    def __init__(self, dim=1, label_smoothing=0.0):
        super().__init__()
        self.dim = dim
        self.label_smoothing = label_smoothing

    def forward(self, outputs, targets):
        p = outputs / outputs.sum(self.dim, keepdim=True)
        log_p = p.clamp(1e-7, 1 - 1e-7).log()
        if not targets.is_floating_point():
            return -log_p.gather(self.dim, targets.unsqueeze(self.dim)).mean()
        if self.label_smoothing:
            classes = targets.shape[self.dim]
            targets = targets * (1 - self.label_smoothing) + self.label_smoothing / classes
        return -(targets * log_p).sum(self.dim).mean()
