# needs: helper:Callback
class EarlyStopping(Callback):
    """Ends the training where what is watched has not become better for a while."""

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        mode="auto",
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        self.monitor = monitor
        self.min_delta = abs(min_delta)
        self.patience = patience
        self.mode = mode
        self.restore = restore_best_weights
        self.start = start_from_epoch
        self.best = self.weights = None
        self.waiting = 0

    def after_epoch(self, epoch, logs, network, optimizer):
        if epoch < self.start:
            return False
        value = logs[self.monitor]
        self.waiting += 1
        if self.best is None or self.is_better(value, self.best):
            self.best, self.waiting = value, 0
            if self.restore:
                self.weights = {k: v.clone() for k, v in network.state_dict().items()}
            return False
        return self.waiting >= self.patience and epoch > 0

    def after_training(self, network):
        if self.weights is not None:
            network.load_state_dict(self.weights)
