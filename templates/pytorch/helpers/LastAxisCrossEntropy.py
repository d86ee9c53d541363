# needs: torch.nn
class LastAxisCrossEntropy(nn.CrossEntropyLoss):
    """Cross entropy of outputs whose classes are on the last axis."""

    def forward(self, outputs, targets):
        if targets.is_floating_point():
            targets = targets.movedim(-1, 1)
        return super().forward(outputs.movedim(-1, 1), targets)
