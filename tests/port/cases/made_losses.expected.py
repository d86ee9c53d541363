# Ported from made_losses.py (Keras) to PyTorch by Portolan.
# Input: model.x=B,3
import torch
from torch import nn


class FunctionLoss(nn.Module):
    """The mean of what a function of targets and outputs gives, as compile() takes a loss of one's own."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, outputs, targets):
        if targets.dim() == 1 and outputs.dim() == 2:
            targets = targets.unsqueeze(-1)
        return self.function(targets, outputs).mean()


# Losses that functions of the file make: a function of the file's own is ported, a loss of the framework's is not taken for one.


def weighted(alpha):
    def loss(y_true, y_pred):
        return alpha * torch.mean(torch.abs(y_true - y_pred))
    return loss


def chosen():
    return nn.BCELoss()


model = nn.Sequential(nn.Linear(3, 1), nn.Sigmoid())
criterion = FunctionLoss(weighted(0.5))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
# PORT: a loss that no rule knows
#     model.compile(optimizer="sgd", loss=chosen())
pass
