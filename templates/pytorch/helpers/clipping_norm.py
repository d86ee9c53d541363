# needs: torch
def clipping_norm(optimizer, limit):
    """The optimizer, taking each gradient with its norm clipped: Keras' clipnorm."""

    def before(optimizer, args, kwargs):
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    torch.nn.utils.clip_grad_norm_([p], limit)

    optimizer.register_step_pre_hook(before)
    return optimizer
