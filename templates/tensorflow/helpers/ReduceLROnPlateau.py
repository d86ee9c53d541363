class ReduceLROnPlateau:
    """The rate falls by a factor where a number has not become better for a while."""

    def __init__(
        self,
        optimizer,
        mode="min",
        factor=0.1,
        patience=10,
        threshold=1e-4,
        threshold_mode="rel",
        cooldown=0,
        min_lr=0.0,
        eps=1e-8,
    ):
        self.optimizer = optimizer
        self.sign = 1 if mode == "min" else -1
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.relative = threshold_mode == "rel"
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.eps = eps
        self.best = None
        self.bad = self.waiting = 0

    def is_better(self, value):
        if self.best is None:
            return True
        margin = self.threshold * (abs(self.best) if self.relative else 1)
        return self.sign * value < self.sign * self.best - margin

    def step(self, metrics):
        value = float(metrics)
        if self.is_better(value):
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        if self.waiting > 0:
            self.waiting -= 1
            self.bad = 0
        if self.bad > self.patience:
            old = float(self.optimizer.learning_rate)
            new = max(old * self.factor, self.min_lr)
            if old - new > self.eps:
                self.optimizer.learning_rate = new
            self.waiting, self.bad = self.cooldown, 0

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]
