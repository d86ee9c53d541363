# needs: torch
class KerasRMSprop(torch.optim.Optimizer):
    """RMSprop as Keras takes it: epsilon under the root."""

    def __init__(
        self,
        params,
        learning_rate=1e-3,
        rho=0.9,
        momentum=0.0,
        epsilon=1e-7,
        centered=False,
    ):
        super().__init__(params, {"lr": learning_rate})
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update((k, torch.zeros_like(p)) for k in ("square", "mean", "velocity"))
                state["square"].mul_(self.rho).add_((1 - self.rho) * p.grad.square())
                spread = state["square"] + self.epsilon
                if self.centered:
                    state["mean"].mul_(self.rho).add_((1 - self.rho) * p.grad)
                    spread = spread - state["mean"].square()
                change = group["lr"] * p.grad / spread.sqrt()
                if self.momentum:
                    change = state["velocity"].mul_(self.momentum).add_(change)
                p.sub_(change)
