# needs: helper:Callback inspect
class RateSchedule(Callback):
    """The learning rate of each epoch, by a function of its number (and of the rate before)."""

    def __init__(self, schedule):
        self.schedule = schedule

    def before_epoch(self, epoch, network, optimizer):
        takes_rate = len(inspect.signature(self.schedule).parameters) > 1
        for group in optimizer.param_groups:
            given = (epoch, group["lr"]) if takes_rate else (epoch,)
            group["lr"] = float(self.schedule(*given))
