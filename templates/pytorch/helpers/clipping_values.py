# needs: torch
def clipping_values(optimizer, limit):
    """The optimizer, taking gradients clipped to [-limit, limit]: Keras' clipvalue."""

    def before(optimizer, args, kwargs):
        for group in optimizer.param_groups:
            torch.nn.utils.clip_grad_value_(group["params"], limit)

    optimizer.register_step_pre_hook(before)
    return optimizer
