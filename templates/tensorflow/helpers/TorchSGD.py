# needs: keras
class TorchSGD(keras.optimizers.Optimizer):
    """SGD as PyTorch takes it: coupled weight decay, a velocity without the rate."""

    def __init__(self, lr=1e-3, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
        super().__init__(learning_rate=lr, name="torch_sgd")
        self.momentum = momentum
        self.dampening = dampening
        self.decay = weight_decay
        self.nesterov = nesterov

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.velocities = [
            self.add_variable_from_reference(variable, name="velocity") for variable in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        ops = keras.ops
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype) + self.decay * variable
        if self.momentum:
            velocity = self.velocities[self._get_variable_index(variable)]
            fresh = 1.0 if self.dampening == 0.0 else ops.where(
                self.iterations == 0, 1.0, 1.0 - self.dampening
            )
            self.assign(velocity, self.momentum * velocity + fresh * gradient)
            gradient = gradient + self.momentum * velocity if self.nesterov else velocity
        self.assign_sub(variable, rate * gradient)
