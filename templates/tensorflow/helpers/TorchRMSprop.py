# needs: keras
class TorchRMSprop(keras.optimizers.Optimizer):
    """RMSprop as PyTorch takes it: epsilon outside of the root, coupled weight decay."""

    def __init__(
        self, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False
    ):
        super().__init__(learning_rate=lr, name="torch_rmsprop")
        self.alpha = alpha
        self.eps = eps
        self.decay = weight_decay
        self.momentum = momentum
        self.centered = centered

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.squares, self.means, self.velocities = (
            [self.add_variable_from_reference(variable, name=name) for variable in variables]
            for name in ("square", "mean", "velocity")
        )

    def update_step(self, gradient, variable, learning_rate):
        ops = keras.ops
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype) + self.decay * variable
        index = self._get_variable_index(variable)
        square, mean, velocity = self.squares[index], self.means[index], self.velocities[index]
        self.assign(square, self.alpha * square + (1 - self.alpha) * ops.square(gradient))
        spread = square
        if self.centered:
            self.assign(mean, self.alpha * mean + (1 - self.alpha) * gradient)
            spread = square - ops.square(mean)
        change = gradient / (ops.sqrt(spread) + self.eps)
        if self.momentum:
            self.assign(velocity, self.momentum * velocity + change)
            change = velocity
        self.assign_sub(variable, rate * change)
