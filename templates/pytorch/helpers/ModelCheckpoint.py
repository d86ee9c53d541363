# needs: helper:Callback torch
class ModelCheckpoint(Callback):
    """Saves the weights after each epoch, or after those that were the best so far."""

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
    ):
        self.filepath = filepath
        self.monitor = monitor
        self.best_only = save_best_only
        self.mode = mode
        self.min_delta = 0
        self.best = None

    def after_epoch(self, epoch, logs, network, optimizer):
        if self.best_only:
            value = logs[self.monitor]
            if self.best is not None and not self.is_better(value, self.best):
                return False
            self.best = value
        path = str(self.filepath).format(epoch=epoch + 1, **logs)
        torch.save(network.state_dict(), path)
        return False
