# needs: torch.nn
class Sequences(nn.Module):
    """The outputs of a recurrent layer at every step, without its states."""

    def forward(self, result):
        return result[0]
