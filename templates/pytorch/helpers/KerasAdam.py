# needs: torch
class KerasAdam(torch.optim.Optimizer):
    """Adam as Keras takes it: epsilon under the correction, decoupled weight decay."""

    def __init__(
        self,
        params,
        learning_rate=1e-3,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        amsgrad=False,
        weight_decay=None,
    ):
        super().__init__(params, {"lr": learning_rate})
        self.betas = (beta_1, beta_2)
        self.epsilon = epsilon
        self.amsgrad = amsgrad
        self.decay = weight_decay or 0.0

    @torch.no_grad()
    def step(self):
        beta_1, beta_2 = self.betas
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                    state["largest"] = torch.zeros_like(p)
                state["t"] += 1
                p.mul_(1 - group["lr"] * self.decay)
                state["m"].add_(p.grad - state["m"], alpha=1 - beta_1)
                state["v"].add_(p.grad.square() - state["v"], alpha=1 - beta_2)
                v = state["v"]
                if self.amsgrad:
                    v = torch.maximum(state["largest"], v, out=state["largest"])
                scale = (1 - beta_2 ** state["t"]) ** 0.5 / (1 - beta_1 ** state["t"])
                p.sub_(group["lr"] * scale * state["m"] / (v.sqrt() + self.epsilon))
