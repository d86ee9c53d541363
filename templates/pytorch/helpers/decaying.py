def decaying(optimizer, decay):
    """The optimizer with its rates divided by 1 + decay * (steps so far): Keras' decay."""
    rates, steps = [], 0

    def before(optimizer, args, kwargs):
        rates[:] = [group["lr"] for group in optimizer.param_groups]
        for group in optimizer.param_groups:
            group["lr"] = group["lr"] / (1.0 + decay * steps)

    def after(optimizer, args, kwargs):
        nonlocal steps
        steps += 1
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate

    optimizer.register_step_pre_hook(before)
    optimizer.register_step_post_hook(after)
    return optimizer
