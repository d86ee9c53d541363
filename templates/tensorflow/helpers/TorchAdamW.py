# needs: helper:TorchAdam
class TorchAdamW(TorchAdam):
    """AdamW as PyTorch takes it."""

    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False):
        super().__init__(lr, betas, eps, weight_decay, amsgrad, decoupled_weight_decay=True)
