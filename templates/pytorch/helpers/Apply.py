# needs: torch.nn
class Apply(nn.Module):
    """A function of one tensor, with its options, as a module."""

    def __init__(self, function, *args, **options):
        super().__init__()
        self.function = function
        self.args = args
        self.options = options

    def forward(self, x):
        return self.function(x, *self.args, **self.options)
