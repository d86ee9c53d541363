# needs: torch.nn
class ShiftedBatchNorm3d(nn.BatchNorm3d):
    """Batch normalisation with a bias and without a scale: the scale stays 1."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps=eps, momentum=momentum)
        self.weight.requires_grad_(False)
