# needs: torch.nn
class LastStep(nn.Module):
    """The output of a recurrent layer at the last step."""

    def forward(self, result):
        return result[0][:, -1]
