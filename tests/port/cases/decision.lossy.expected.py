# Ported from lossy.py (Keras) to PyTorch by Portolan.
# Input: Tagger.x=B,10,6
"""Decision "lossy": the nearest counterpart computes something else.

A Keras GRU with reset_after=False resets before its matrix product, which PyTorch's GRU never does. The
nearest one is taken only when somebody says so.
"""

import torch
import torch.nn.functional as F
from torch import nn


class KerasRNN(nn.Module):
    """A recurrent layer with the options of Keras that torch.nn's have not.

    Input (N, T, F). cell is "rnn", "lstm" or "gru"; with reset_after=False a GRU
    resets the state before the product with its recurrent weights.
    """

    def __init__(
        self,
        cell,
        input_size,
        hidden_size,
        activation="tanh",
        recurrent_activation="sigmoid",
        merge_mode="concat",
        bias=True,
        reset_after=True,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        bidirectional=False,
    ):
        super().__init__()
        functions = {
            "linear": lambda x: x,
            "relu": F.relu,
            "tanh": torch.tanh,
            "sigmoid": torch.sigmoid,
            "elu": F.elu,
            "selu": F.selu,
            "gelu": F.gelu,
            "silu": F.silu,
            "softplus": F.softplus,
            "softsign": F.softsign,
            "hard_sigmoid": F.hardsigmoid,
            "keras2_hard_sigmoid": lambda x: (0.2 * x + 0.5).clamp(0, 1),
        }
        self.cell = cell
        self.hidden_size = hidden_size
        self.activation = functions[activation]
        self.gate = functions[recurrent_activation]
        self.merge_mode = merge_mode
        self.reset_after = reset_after
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.bidirectional = bidirectional
        rows = {"rnn": 1, "lstm": 4, "gru": 3}[cell] * hidden_size
        for suffix in ("", "_reverse") if bidirectional else ("",):
            for name, columns in (
                ("weight_ih", input_size), ("weight_hh", hidden_size)
            ):
                weight = nn.Parameter(torch.empty(rows, columns))
                nn.init.xavier_uniform_(weight)
                self.register_parameter(f"{name}_l0{suffix}", weight)
            for name in ("bias_ih", "bias_hh"):
                value = nn.Parameter(torch.zeros(rows), requires_grad=bias)
                self.register_parameter(f"{name}_l0{suffix}", value)

    def step(self, x, state, suffix):
        w_ih, w_hh, b_ih, b_hh = (
            getattr(self, f"{name}_l0{suffix}")
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        h = state[0]
        given = F.linear(x, w_ih, b_ih)
        if self.cell == "rnn":
            return (self.activation(given + F.linear(h, w_hh, b_hh)),)
        if self.cell == "lstm":
            i, f, g, o = (given + F.linear(h, w_hh, b_hh)).chunk(4, -1)
            c = self.gate(f) * state[1] + self.gate(i) * self.activation(g)
            return self.gate(o) * self.activation(c), c
        if self.reset_after:
            r_x, z_x, n_x = given.chunk(3, -1)
            r_h, z_h, n_h = F.linear(h, w_hh, b_hh).chunk(3, -1)
            r, z = self.gate(r_x + r_h), self.gate(z_x + z_h)
            n = self.activation(n_x + r * n_h)
        else:

            n_rows = self.hidden_size
            r_x, z_x, n_x = given.chunk(3, -1)
            r_h, z_h = F.linear(h, w_hh[: 2 * n_rows], b_hh[: 2 * n_rows]).chunk(2, -1)
            r, z = self.gate(r_x + r_h), self.gate(z_x + z_h)
            n = self.activation(
                n_x + F.linear(r * h, w_hh[2 * n_rows :], b_hh[2 * n_rows :])
            )
        return ((1 - z) * n + z * h,)

    def run(self, x, suffix, backwards, given=None):
        steps = range(x.shape[1])
        zero = x.new_zeros(x.shape[0], self.hidden_size)
        state = (zero, zero) if self.cell == "lstm" else (zero,)
        state = state if given is None else tuple(given)
        outputs = []
        for t in reversed(steps) if backwards else steps:
            state = self.step(x[:, t], state, suffix)
            outputs.append(state[0])
        return torch.stack(outputs, dim=1), state

    def merge(self, one, other):
        if self.merge_mode == "concat":
            return torch.cat((one, other), dim=-1)
        if self.merge_mode == "sum":
            return one + other
        if self.merge_mode == "mul":
            return one * other
        return (one + other) / 2

    def forward(self, x, initial_state=None):
        one = other = None
        if initial_state is not None:
            given = initial_state
            given = given if isinstance(given, (tuple, list)) else (given,)
            half = len(given) // 2 if self.bidirectional else len(given)
            one, other = given[:half], given[half:] or None
        sequence, state = self.run(x, "", self.go_backwards, one)
        result = sequence if self.return_sequences else sequence[:, -1]
        if self.bidirectional:
            other, other_state = self.run(x, "_reverse", not self.go_backwards, other)
            state = state + other_state
            other = other.flip(1) if self.return_sequences else other[:, -1]
            result = self.merge(result, other)
        return (result, *state) if self.return_state else result


class Tagger(nn.Module):
    def __init__(self, tags=7):
        super().__init__()
        self.gru = KerasRNN("gru", 6, 16, reset_after=False, return_sequences=True)
        self.tag = nn.Linear(16, tags)

    def forward(self, x):
        return self.tag(self.gru(x))


if __name__ == "__main__":
    model = Tagger()
    print(model(torch.zeros(2, 10, 6)).shape)
