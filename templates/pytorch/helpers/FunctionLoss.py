# needs: torch.nn
class FunctionLoss(nn.Module):
    """The mean of what a function of targets and outputs gives, as compile() takes a loss of one's own."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, outputs, targets):
        if targets.dim() == 1 and outputs.dim() == 2:
            targets = targets.unsqueeze(-1)
        return self.function(targets, outputs).mean()
