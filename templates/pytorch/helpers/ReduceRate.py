# needs: helper:Callback
class ReduceRate(Callback):
    """The learning rate falls where what is watched has not become better for a while."""

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0.0,
    ):
        self.monitor = monitor
        self.factor = factor
        self.patience = patience
        self.mode = mode
        self.min_delta = min_delta
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.best = None
        self.waiting = self.resting = 0

    def after_epoch(self, epoch, logs, network, optimizer):
        value = logs[self.monitor]
        if self.resting > 0:
            self.resting -= 1
            self.waiting = 0
        if self.best is None or self.is_better(value, self.best):
            self.best, self.waiting = value, 0
        elif self.resting == 0:
            self.waiting += 1
            if self.waiting >= self.patience:
                for group in optimizer.param_groups:
                    group["lr"] = max(group["lr"] * self.factor, self.min_lr)
                self.resting, self.waiting = self.cooldown, 0
        return False
