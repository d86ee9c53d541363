class StepLR:
    """The rate falls by a factor every so many epochs."""

    def __init__(self, optimizer, step_size, gamma=0.1):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.step_size = step_size
        self.gamma = gamma

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        return self.base * self.gamma ** (self.epoch // self.step_size)
