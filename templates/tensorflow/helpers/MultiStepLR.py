class MultiStepLR:
    """The rate falls by a factor at each milestone."""

    def __init__(self, optimizer, milestones, gamma=0.1):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.milestones = list(milestones)
        self.gamma = gamma

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        passed = sum(milestone <= self.epoch for milestone in self.milestones)
        return self.base * self.gamma**passed
