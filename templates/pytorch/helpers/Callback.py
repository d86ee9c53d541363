class Callback:
    """What a training loop calls; after_epoch returns True where the training ends."""

    def before_epoch(self, epoch, network, optimizer):
        pass

    def after_epoch(self, epoch, logs, network, optimizer):
        return False

    def after_training(self, network):
        pass

    def is_better(self, value, best):
        """By the sign of what is watched: accuracies rise, losses fall."""
        rises = self.mode == "max" or (self.mode == "auto" and "acc" in self.monitor)
        return value - self.min_delta > best if rises else value + self.min_delta < best
