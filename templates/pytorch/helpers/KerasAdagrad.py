# needs: torch
class KerasAdagrad(torch.optim.Optimizer):
    """Adagrad as Keras takes it: epsilon under the root."""

    def __init__(
        self, params, learning_rate=1e-3, initial_accumulator_value=0.1, epsilon=1e-7
    ):
        super().__init__(params, {"lr": learning_rate})
        self.start = initial_accumulator_value
        self.epsilon = epsilon

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["sum"] = torch.full_like(p, self.start)
                state["sum"].add_(p.grad.square())
                p.sub_(group["lr"] * p.grad / (state["sum"] + self.epsilon).sqrt())
