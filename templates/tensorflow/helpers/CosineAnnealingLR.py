# needs: math
class CosineAnnealingLR:
    """The rate falls along half a cosine, and rises again."""

    def __init__(self, optimizer, T_max, eta_min=0.0):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.T_max = T_max
        self.eta_min = eta_min

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        share = (1 + math.cos(math.pi * self.epoch / self.T_max)) / 2
        return self.eta_min + (self.base - self.eta_min) * share
