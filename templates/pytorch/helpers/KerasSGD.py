# needs: torch
class KerasSGD(torch.optim.Optimizer):
    """SGD as Keras takes it: the rate is in the velocity, decoupled weight decay."""

    def __init__(
        self, params, learning_rate=1e-2, momentum=0.0, nesterov=False, weight_decay=None
    ):
        super().__init__(params, {"lr": learning_rate})
        self.momentum = momentum
        self.nesterov = nesterov
        self.decay = weight_decay or 0.0

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                change = p.grad * -group["lr"]
                p.mul_(1 - group["lr"] * self.decay)
                if self.momentum:
                    state = self.state[p]
                    velocity = state.setdefault("velocity", torch.zeros_like(p))
                    velocity.mul_(self.momentum).add_(change)
                    change = change + self.momentum * velocity if self.nesterov else velocity
                p.add_(change)
