# needs: helper:KerasAdam
class KerasAdamW(KerasAdam):
    """AdamW as Keras takes it."""

    def __init__(self, params, learning_rate=1e-3, weight_decay=4e-3, **options):
        super().__init__(params, learning_rate, weight_decay=weight_decay, **options)
