class ExponentialLR:
    """The rate falls by a factor every epoch."""

    def __init__(self, optimizer, gamma):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.gamma = gamma

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        return self.base * self.gamma**self.epoch
