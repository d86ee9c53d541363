class LambdaLR:
    """The first rate times what a function says of the epoch."""

    def __init__(self, optimizer, lr_lambda):
        self.optimizer = optimizer
        self.base = float(optimizer.learning_rate)
        self.epoch = 0
        self.lr_lambda = lr_lambda
        self.optimizer.learning_rate = self.rate()

    def step(self):
        self.epoch += 1
        self.optimizer.learning_rate = self.rate()

    def get_last_lr(self):
        return [float(self.optimizer.learning_rate)]

    def rate(self):
        return self.base * self.lr_lambda(self.epoch)
