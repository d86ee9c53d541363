# needs: keras
class TorchAdam(keras.optimizers.Optimizer):
    """Adam as PyTorch takes it: epsilon beside the corrected root, coupled weight decay."""

    def __init__(
        self,
        lr=1e-3,
        betas=(0.9, 0.999),
        eps=1e-8,
        weight_decay=0.0,
        amsgrad=False,
        decoupled_weight_decay=False,
    ):
        super().__init__(learning_rate=lr, name="torch_adam")
        self.betas = betas
        self.eps = eps
        self.decay = weight_decay
        self.amsgrad = amsgrad
        self.decoupled = decoupled_weight_decay

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means, self.squares, self.largest = (
            [self.add_variable_from_reference(variable, name=name) for variable in variables]
            for name in ("mean", "square", "largest")
        )

    def update_step(self, gradient, variable, learning_rate):
        ops = keras.ops
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        mean, square, largest = self.means[index], self.squares[index], self.largest[index]
        beta_1, beta_2 = self.betas
        if self.decoupled:
            self.assign_sub(variable, rate * self.decay * variable)
        else:
            gradient = gradient + self.decay * variable
        self.assign(mean, beta_1 * mean + (1 - beta_1) * gradient)
        self.assign(square, beta_2 * square + (1 - beta_2) * ops.square(gradient))
        if self.amsgrad:
            self.assign(largest, ops.maximum(largest, square))
            square = largest
        root = ops.sqrt(square) / ops.sqrt(1 - ops.power(ops.cast(beta_2, variable.dtype), step))
        scale = rate / (1 - ops.power(ops.cast(beta_1, variable.dtype), step))
        self.assign_sub(variable, scale * mean / (root + self.eps))
