# needs: keras
class TorchAdagrad(keras.optimizers.Optimizer):
    """Adagrad as PyTorch takes it: epsilon outside of the root."""

    def __init__(self, lr=1e-2, initial_accumulator_value=0.0, eps=1e-10):
        super().__init__(learning_rate=lr, name="torch_adagrad")
        self.start = initial_accumulator_value
        self.eps = eps

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.sums = [
            self.add_variable_from_reference(
                variable, name="sum", initializer=keras.initializers.Constant(self.start)
            )
            for variable in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        ops = keras.ops
        rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        total = self.sums[self._get_variable_index(variable)]
        self.assign_add(total, ops.square(gradient))
        self.assign_sub(variable, rate * gradient / (ops.sqrt(total) + self.eps))
