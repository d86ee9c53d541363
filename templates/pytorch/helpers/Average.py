# needs: torch.nn
class Average(nn.Module):
    """], tensors[0]) / len(tensors):The mean of the tensors of a list."""

    def forward(self, tensors):
        return sum(tensors[1
