# needs: torch
def clipping_all(optimizer, limit):
    """The optimizer, taking gradients clipped by the norm of them all: Keras' global_clipnorm."""

    def before(optimizer, args, kwargs):
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        torch.nn.utils.clip_grad_norm_(parameters, limit)

    optimizer.register_step_pre_hook(before)
    return optimizer
