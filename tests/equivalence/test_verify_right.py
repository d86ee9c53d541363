"""Right ports of every kind of layer with weights must pass, in every direction: the comparison's own rules for moving
weights, its float64 run and its reading of outputs are what is tested here."""
import textwrap

import pytest

pytest.importorskip("torch")
pytest.importorskip("keras")

from verifycase import NCHW, NHWC, array, expect_equal, expect_unequal, pair      # noqa: E402

TORCH = """
import torch
from torch import nn
import torch.nn.functional as F
"""
KERAS = """
import keras
from keras import layers, ops
"""


def torch_net(init, forward):
    return TORCH + f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
{indented(init)}
    def forward(self, x):
{indented(forward)}"""


def keras_net(init, call):
    return KERAS + f"""
class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{indented(init)}
    def call(self, x):
{indented(call)}"""


def indented(text):
    first, _, rest = text.partition("\n")
    return textwrap.indent(first + "\n" + textwrap.dedent(rest), " " * 8)


IMAGE = [array(2, 4, 12, 12, perm=NHWC)]
KERAS_IMAGE = [array(2, 12, 12, 4, perm=NCHW)]

CONVS = (torch_net("""self.sep_dw = nn.Conv2d(4, 8, 3, groups=4, bias=False)
                      self.sep_pw = nn.Conv2d(8, 6, 1)
                      self.depth = nn.Conv2d(6, 12, 3, groups=6)
                      self.group = nn.Conv2d(12, 8, 3, groups=4, padding=1)
                      self.up = nn.ConvTranspose2d(8, 5, 4, stride=2, padding=1)
                      self.act = nn.PReLU(5)
                      self.point = nn.Conv2d(5, 3, 1)""",
                   """x = F.relu(self.sep_pw(self.sep_dw(x)))
                      x = F.relu(self.group(F.relu(self.depth(x))))
                      return self.point(self.act(self.up(x))).mean(dim=(2, 3))"""),
         keras_net("""self.sep = layers.SeparableConv2D(6, 3, depth_multiplier=2, activation="relu")
                      self.depth = layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu")
                      self.group = layers.Conv2D(8, 3, groups=4, padding="same", activation="relu")
                      self.up = layers.Conv2DTranspose(5, 4, strides=2, padding="same")
                      self.act = layers.PReLU(shared_axes=[1, 2])
                      self.point = layers.Dense(3)""",
                   """x = self.group(self.depth(self.sep(x)))
                      return ops.mean(self.point(self.act(self.up(x))), axis=(1, 2))"""))


def conv_pairs(torch_first):
    names = ("sep_dw, sep_pw", "sep") if torch_first else ("sep", "sep_dw, sep_pw")
    return [pair(*names, rule="separable"), pair("depth", rule="conv"), pair("group", rule="conv"),
            pair("up", rule="conv_transpose"), pair("act", rule="prelu"), pair("point", rule="conv")]


def test_convolutions(tmp_path):
    r = expect_equal(tmp_path, *CONVS, IMAGE, conv_pairs(True), "tk")
    assert len(r["layers"]) == 6


def test_convolutions_from_keras(tmp_path):
    expect_equal(tmp_path, *reversed(CONVS), KERAS_IMAGE, conv_pairs(False), "kt")


def test_convolutions_over_time_and_volumes(tmp_path):
    source = torch_net("""self.conv1 = nn.Conv1d(4, 6, 3, padding=2, dilation=2)
                          self.bn1 = nn.BatchNorm1d(6)
                          self.depth1 = nn.Conv1d(6, 6, 3, groups=6)
                          self.up1 = nn.ConvTranspose1d(6, 5, 2, stride=2)
                          self.conv3 = nn.Conv3d(1, 2, (2, 3, 3))""",
                       """x = self.up1(self.depth1(F.relu(self.bn1(self.conv1(x)))))
                          return self.conv3(x.unsqueeze(1).unsqueeze(2).repeat(1, 1, 3, 1, 1))""")
    port = keras_net("""self.conv1_pad = layers.ZeroPadding1D(2)
                        self.conv1 = layers.Conv1D(6, 3, dilation_rate=2)
                        self.bn1 = layers.BatchNormalization(epsilon=1e-5)
                        self.depth1 = layers.DepthwiseConv1D(3)
                        self.up1 = layers.Conv1DTranspose(5, 2, strides=2)
                        self.conv3 = layers.Conv3D(2, (2, 3, 3))""",
                     """x = self.up1(self.depth1(ops.relu(self.bn1(self.conv1(self.conv1_pad(x))))))
                        x = ops.transpose(x, (0, 2, 1))[:, None, :, :, None]
                        return self.conv3(ops.repeat(x, 3, axis=1))""")
    pairs = [pair(n, rule="conv") for n in ("conv1", "depth1", "up1", "conv3")] + [pair("bn1", rule="batchnorm")]
    expect_equal(tmp_path, source, port, [array(2, 4, 10, perm=[0, 2, 1])], pairs,
                 output_perms=[[0, 2, 3, 4, 1]])


def test_norms(tmp_path):
    source = torch_net("""self.conv = nn.Conv2d(4, 8, 3, padding=1)
                          self.group = nn.GroupNorm(2, 8)
                          self.inst = nn.InstanceNorm2d(8, affine=True)
                          self.whole = nn.LayerNorm([8, 12, 12])
                          self.plain = nn.BatchNorm2d(8, affine=False)
                          self.fc = nn.Linear(8, 6)
                          self.last = nn.LayerNorm(6)""",
                       """x = self.plain(self.whole(self.inst(F.relu(self.group(self.conv(x))))))
                          return self.last(self.fc(x.permute(0, 2, 3, 1)))""")
    port = keras_net("""self.conv = layers.Conv2D(8, 3, padding="same")
                        self.group = layers.GroupNormalization(2, epsilon=1e-5)
                        self.inst = layers.GroupNormalization(-1, epsilon=1e-5)
                        self.whole = layers.LayerNormalization(axis=[1, 2, 3], epsilon=1e-5)
                        self.plain = layers.BatchNormalization(epsilon=1e-5, center=False, scale=False)
                        self.fc = layers.Dense(6)
                        self.last = layers.LayerNormalization(epsilon=1e-5)""",
                     """x = self.plain(self.whole(self.inst(ops.relu(self.group(self.conv(x))))))
                        return self.last(self.fc(x))""")
    pairs = [pair("conv", rule="conv", perm=NHWC), pair("group", rule="groupnorm"), pair("inst", rule="instancenorm"),
             pair("whole", rule="layernorm", perm=NHWC), pair("plain", rule="batchnorm"), pair("fc", rule="dense"),
             pair("last", rule="layernorm")]
    expect_equal(tmp_path, source, port, IMAGE, pairs)


def test_orders_of_axes_that_nobody_told(tmp_path):
    source = torch_net("""self.conv = nn.Conv2d(4, 8, 3, padding=1)
                          self.whole = nn.LayerNorm([8, 12, 12])""", "return self.whole(self.conv(x))")
    port = keras_net("""self.conv = layers.Conv2D(8, 3, padding="same")
                        self.whole = layers.LayerNormalization(axis=[1, 2, 3], epsilon=1e-5)""",
                     "return self.whole(self.conv(x))")
    r = expect_equal(tmp_path, source, port, IMAGE, [pair("conv", rule="conv"), pair("whole", rule="layernorm")])
    assert any("in the order [0, 2, 3, 1]" in note for note in r["notes"])


WORDS = [array(2, 9, dtype="int64", high=40)]

STACK = (torch_net("""self.embed = nn.Embedding(40, 6)
                      self.rnn = nn.LSTM(6, 5, num_layers=2, batch_first=True, bidirectional=True)
                      self.fc = nn.Linear(10, 3)""",
                   """out, (h, c) = self.rnn(self.embed(x))
                      return self.fc(torch.cat([h[-2], h[-1]], dim=-1))"""),
         keras_net("""self.embed = layers.Embedding(40, 6)
                      self.rnn_0 = layers.Bidirectional(layers.LSTM(5, return_sequences=True))
                      self.rnn_1 = layers.Bidirectional(layers.LSTM(5))
                      self.fc = layers.Dense(3)""",
                   "return self.fc(self.rnn_1(self.rnn_0(self.embed(x))))"))


def test_stacked_bidirectional_lstm(tmp_path):
    pairs = [pair("embed", rule="embedding"), pair("rnn", "rnn_0, rnn_1", rule="lstm"), pair("fc", rule="dense")]
    r = expect_equal(tmp_path, *STACK, WORDS, pairs)
    assert len(r["layers"]) == 3


def test_stacked_bidirectional_lstm_from_keras(tmp_path):
    pairs = [pair("embed", rule="embedding"), pair("rnn_0, rnn_1", "rnn", rule="lstm"), pair("fc", rule="dense")]
    expect_equal(tmp_path, *reversed(STACK), WORDS, pairs, "kt")


def test_wrong_half_of_a_bidirectional_output(tmp_path):
    source = STACK[0].replace("torch.cat([h[-2], h[-1]], dim=-1)", "out[:, -1]")
    pairs = [pair("embed", rule="embedding"), pair("rnn", "rnn_0, rnn_1", rule="lstm"), pair("fc", rule="dense")]
    expect_unequal(tmp_path, source, STACK[1], WORDS, pairs, first="fc")


GRU = (torch_net("""self.rnn = nn.GRU(6, 5, batch_first=True, bidirectional=True)
                    self.simple = nn.RNN(10, 4, nonlinearity="relu", batch_first=True)
                    self.cell = nn.LSTMCell(4, 3)""",
                 """out = self.simple(self.rnn(x)[0])[0]
                    h = c = torch.zeros(x.size(0), 3, dtype=x.dtype)
                    for t in range(out.size(1)):
                        h, c = self.cell(out[:, t], (h, c))
                    return h"""),
       keras_net("""self.rnn = layers.Bidirectional(layers.GRU(5, return_sequences=True))
                    self.simple = layers.SimpleRNN(4, activation="relu", return_sequences=True)
                    self.cell = layers.LSTMCell(3)""",
                 """out = self.simple(self.rnn(x))
                    h = c = ops.zeros((ops.shape(x)[0], 3), dtype=x.dtype)
                    for t in range(out.shape[1]):
                        _, (h, c) = self.cell(out[:, t], [h, c])
                    return h"""))
STEPS = [array(2, 7, 6)]


@pytest.mark.parametrize("direction", ["tk", "kt"])
def test_bidirectional_gru_and_cells(tmp_path, direction):
    networks = GRU if direction == "tk" else GRU[::-1]
    pairs = [pair("rnn", rule="gru"), pair("simple", rule="simple_rnn"), pair("cell", rule="lstm")]
    r = expect_equal(tmp_path, *networks, STEPS, pairs, direction)
    assert sum(layer["source"] == "cell" for layer in r["layers"]) == 4      # the first of its calls


def test_sequence_first_is_not_joined_along_the_batch(tmp_path):
    source = torch_net("""self.rnn = nn.GRU(6, 5)
                          self.fc = nn.Linear(5, 2)""", "return self.fc(self.rnn(x)[0])")
    port = keras_net("""self.rnn = layers.GRU(5, return_sequences=True)
                        self.fc = layers.Dense(2)""",
                     "return ops.transpose(self.fc(self.rnn(ops.transpose(x, (1, 0, 2)))), (1, 0, 2))")
    expect_equal(tmp_path, source, port, [array(7, 2, 6)], [pair("rnn", rule="gru"), pair("fc", rule="dense")])


ATTENTION = (torch_net("""self.token = nn.Parameter(torch.zeros(1, 1, 8))
                          self.att = nn.MultiheadAttention(8, 2, batch_first=True)
                          self.norm = nn.LayerNorm(8)
                          self.scale = nn.Parameter(1e-6 * torch.ones(8))""",
                       """x = torch.cat([self.token.expand(x.size(0), -1, -1), x], dim=1)
                          return self.norm(x + self.scale * self.att(x, x, x)[0])"""),
             keras_net("""self.token = self.add_weight(shape=(1, 1, 8), initializer="zeros", name="token")
                          self.att = layers.MultiHeadAttention(2, 4)
                          self.norm = layers.LayerNormalization(epsilon=1e-5)
                          self.scale = self.add_weight(shape=(8,), initializer="ones", name="scale")""",
                       """t = ops.broadcast_to(ops.convert_to_tensor(self.token), (ops.shape(x)[0], 1, 8))
                          x = ops.concatenate([t, x], axis=1)
                          return self.norm(x + self.scale * self.att(x, x))"""))


@pytest.mark.parametrize("direction", ["tk", "kt"])
def test_attention_and_bare_parameters(tmp_path, direction):
    networks = ATTENTION if direction == "tk" else ATTENTION[::-1]
    pairs = [pair("token", rule="parameter"), pair("att", rule="mha"), pair("norm", rule="layernorm"),
             pair("scale", rule="parameter")]
    r = expect_equal(tmp_path, *networks, [array(2, 5, 8)], pairs, direction)
    assert all(layer["seen"] for layer in r["layers"])


def test_pairs_by_name_alone(tmp_path):
    """Nothing is told: layers, lists of layers and bare parameters are found by their paths."""
    source = torch_net("""self.blocks = nn.ModuleList([nn.Linear(6, 6) for _ in range(2)])
                          self.gain = nn.Parameter(torch.ones(6))
                          self.att = nn.MultiheadAttention(6, 2, batch_first=True)
                          self.rnn = nn.GRU(6, 4, batch_first=True)""",
                       """for b in self.blocks:
                              x = torch.tanh(b(x)) * self.gain
                          return self.rnn(self.att(x, x, x)[0])[0]""")
    port = keras_net("""self.blocks = [layers.Dense(6) for _ in range(2)]
                        self.gain = self.add_weight(shape=(6,), initializer="ones")
                        self.att = layers.MultiHeadAttention(2, 3)
                        self.rnn = layers.GRU(4, return_sequences=True)""",
                     """for b in self.blocks:
                            x = ops.tanh(b(x)) * self.gain
                        return self.rnn(self.att(x, x))""")
    r = expect_equal(tmp_path, source, port, STEPS, [])
    assert {layer["source"] for layer in r["layers"]} == {"blocks.0", "blocks.1", "att", "rnn"}
    folder = tmp_path / "back"
    folder.mkdir()
    expect_equal(folder, port, source, STEPS, [], "kt")


FUNCTIONAL = """
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

raise SystemExit("load_data is not run")

a = keras.Input((12, 12, 4))
b = keras.Input((12, 12, 2))
x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="stem")(layers.Concatenate()([a, b]))
skip = x
x = layers.Conv2D(8, 3, padding="same", use_bias=False, name="inner")(x)
x = layers.BatchNormalization(name="norm")(x)
x = layers.Add()([x, skip])
x = layers.Flatten()(x)
model = keras.Model([a, b], [layers.Dense(4, activation="softmax", name="head")(x), skip])
model.fit(None)
"""

FUNCTIONAL_PORT = TORCH + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(6, 8, 3, stride=2)
        self.inner = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8, eps=1e-3)
        self.head = nn.Linear(8 * 6 * 6, 4)

    def forward(self, a, b):
        skip = F.relu(self.stem(F.pad(torch.cat([a, b], 1), (0, 1, 0, 1))))
        x = self.norm(self.inner(skip)) + skip
        x = torch.flatten(x.permute(0, 2, 3, 1), 1)
        return F.softmax(self.head(x), dim=1), skip
"""


@pytest.mark.parametrize("generation", ["k", "2"])
def test_functional_model_with_two_inputs_and_outputs(tmp_path, generation):
    start = FUNCTIONAL.index("raise")
    parts = [[0, start], [FUNCTIONAL.index("a = keras"), FUNCTIONAL.index("model.fit")]]
    inputs = [array(2, 12, 12, 4, perm=NCHW, name="a"), array(2, 12, 12, 2, perm=NCHW, name="b")]
    pairs = [pair("stem", rule="conv"), pair("inner", rule="conv"), pair("norm", rule="batchnorm"),
             pair("head", rule="dense")]
    r = expect_equal(tmp_path, FUNCTIONAL, FUNCTIONAL_PORT, inputs, pairs, generation + "t", source_slice=parts,
                     source_root="model", output_perms=[None, NCHW])
    assert len(r["outputs"]) == 2
    assert r["versions"]["source"].startswith("tf_keras" if generation == "2" else "keras")


OLD_KERAS = """
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.layers import LSTM
import keras.backend as K

model = Sequential()
model.add(LSTM(5, input_shape=(7, 6)))
model.add(Dense(4))
model.add(Activation("hard_sigmoid"))
"""


def test_keras_2_means_keras_2(tmp_path):
    port = torch_net("""self.rnn = nn.LSTM(6, 5, batch_first=True)
                        self.fc = nn.Linear(5, 4)""",
                     "return (0.2 * self.fc(self.rnn(x)[0][:, -1]) + 0.5).clamp(0, 1)")
    pairs = [pair("layers[0]", "rnn", rule="lstm"), pair("layers[1]", "fc", rule="dense")]
    expect_equal(tmp_path, OLD_KERAS, port, STEPS, pairs, "2t", source_root="model")
    folder = tmp_path / "new"
    folder.mkdir()
    source = OLD_KERAS.replace("layers.core", "layers").replace("import keras.backend as K\n", "")
    expect_unequal(folder, source, port, STEPS, pairs, "kt", source_root="model")


@pytest.mark.parametrize("direction, network", [("tt", 0), ("kk", 1)])
def test_same_framework(tmp_path, direction, network):
    expect_equal(tmp_path, CONVS[network], CONVS[network], [array(2, 12, 12, 4)] if network else [array(2, 4, 12, 12)],
                 [pair(n, rule="conv") for n in (("sep",) if network else ("sep_dw", "sep_pw"))]
                 + [pair("depth", rule="conv"), pair("group", rule="conv"), pair("up", rule="conv_transpose"),
                    pair("act", rule="prelu"), pair("point", rule="conv")], direction)
