"""The comparison against the mistakes that ports make: each must be caught, and the right port beside it must pass."""
import pytest

pytest.importorskip("torch")
pytest.importorskip("keras")

from verifycase import NHWC, array, expect_equal, expect_unequal, pair      # noqa: E402

CNN = """
import torch
from torch import nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(8)
        self.conv3 = nn.Conv2d(8, 8, 3, padding=1)
        self.fc = nn.Linear(8 * 4 * 4, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.relu(self.conv3(x))
        x = F.max_pool2d(x, 2)
        return self.fc(torch.flatten(x, 1))
"""

CNN_PORT = """
import keras
from keras import layers, ops

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv1_pad = layers.ZeroPadding2D(1)
        self.conv1 = layers.Conv2D(8, 3, strides=2)
        self.bn1 = layers.BatchNormalization(epsilon=1e-5)
        self.conv2 = layers.Conv2D(8, 3, padding="same")
        self.bn2 = layers.BatchNormalization(epsilon=1e-5)
        self.conv3 = layers.Conv2D(8, 3, padding="same", activation="relu")
        self.pool = layers.MaxPooling2D(2)
        self.permute = layers.Permute((3, 1, 2))
        self.flatten = layers.Flatten()
        self.fc = layers.Dense(10)

    def call(self, x, training=None):
        x = ops.relu(self.bn1(self.conv1(self.conv1_pad(x)), training=training))
        x = ops.relu(self.bn2(self.conv2(x), training=training))
        x = self.pool(self.conv3(x))
        return self.fc(self.flatten(self.permute(x)))
"""


def cnn_pairs(**fc):
    return [pair("conv1", rule="conv", perm=NHWC), pair("bn1", rule="batchnorm", perm=NHWC),
            pair("conv2", rule="conv", perm=NHWC), pair("bn2", rule="batchnorm", perm=NHWC),
            pair("conv3", rule="conv", perm=NHWC), pair("fc", rule="dense", **fc)]


CNN_INPUT = [array(2, 3, 16, 16, perm=NHWC)]


def changed(text, *replacements):
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def test_right_port(tmp_path):
    r = expect_equal(tmp_path, CNN, CNN_PORT, CNN_INPUT, cnn_pairs())
    assert [layer["source"] for layer in r["layers"]] == ["conv1", "bn1", "conv2", "bn2", "conv3", "fc"]
    assert all(layer["seen"] and layer["fed"] is not False for layer in r["layers"])
    assert r["unseen"] == [] and r["unreached"] == [] and r["trials"] == 20


def test_right_port_with_reordered_weights(tmp_path):
    port = changed(CNN_PORT, ("self.flatten(self.permute(x))", "self.flatten(x)"))
    expect_equal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(C=8, H=4, W=4))


def test_unpermuted_flatten(tmp_path):
    port = changed(CNN_PORT, ("self.flatten(self.permute(x))", "self.flatten(x)"))
    r = expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="fc")
    assert "differs already" in r["message"] and "conv3" in r["message"]


def test_dropped_activation(tmp_path):
    port = changed(CNN_PORT, ("x = ops.relu(self.bn1(self.conv1(self.conv1_pad(x)), training=training))",
                              "x = self.bn1(self.conv1(self.conv1_pad(x)), training=training)"))
    r = expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="conv2")
    assert "source.py:11" in r["message"] and "port.py:11" in r["message"]


def test_dropped_activation_inside_a_layer(tmp_path):
    port = changed(CNN_PORT, (', activation="relu"', ""))
    expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="fc")


def test_swapped_layers(tmp_path):
    port = changed(CNN_PORT, ("self.bn2(self.conv2(x)", "self.bn2(self.conv3(x)"),
                   ("self.pool(self.conv3(x))", "self.pool(ops.relu(self.conv2(x)))"))
    expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs())


def test_swapped_order_of_norm_and_activation(tmp_path):
    port = changed(CNN_PORT, ("ops.relu(self.bn2(self.conv2(x), training=training))",
                              "self.bn2(ops.relu(self.conv2(x)), training=training)"))
    expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="bn2")


@pytest.mark.parametrize("epsilon", ["1e-3", "1e-6"])
def test_wrong_epsilon(tmp_path, epsilon):
    port = changed(CNN_PORT, ("self.bn2 = layers.BatchNormalization(epsilon=1e-5)",
                              f"self.bn2 = layers.BatchNormalization(epsilon={epsilon})"))
    r = expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="bn2")
    assert r["layers"][r["first"]]["fed"] is True


def test_shifted_same_padding(tmp_path):
    port = changed(CNN_PORT, ("self.conv1_pad(x)", "x"), ("strides=2)", 'strides=2, padding="same")'))
    expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="conv1")


def test_plain_weights_are_nearly_blind(tmp_path):
    """What drawn weights are for: a fresh BatchNorm with variance 1 hardly shows its epsilon."""
    port = changed(CNN_PORT, ("self.bn2 = layers.BatchNormalization(epsilon=1e-5)",
                              "self.bn2 = layers.BatchNormalization(epsilon=9e-6)"))
    expect_unequal(tmp_path, CNN, port, CNN_INPUT, cnn_pairs(), first="bn2")
    folder = tmp_path / "plain"
    folder.mkdir()
    expect_equal(folder, CNN, port, CNN_INPUT, cnn_pairs(), weights="init")


GRU = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 8)
        self.rnn = nn.GRU(8, 12, batch_first=True)
        self.fc = nn.Linear(12, 3)

    def forward(self, x):
        out, h = self.rnn(self.embed(x))
        return self.fc(out[:, -1])
"""

GRU_PORT = """
import keras
from keras import layers

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.embed = layers.Embedding(50, 8)
        self.rnn = layers.GRU(12)
        self.fc = layers.Dense(3)

    def call(self, x):
        return self.fc(self.rnn(self.embed(x)))
"""

GRU_PAIRS = [("embed", "embedding"), ("rnn", "gru"), ("fc", "dense")]
WORDS = [array(2, 7, dtype="int64", high=50)]


def gru_pairs():
    return [pair(name, rule=rule) for name, rule in GRU_PAIRS]


def test_right_gru(tmp_path):
    expect_equal(tmp_path, GRU, GRU_PORT, WORDS, gru_pairs())


def test_gru_without_reset_after(tmp_path):
    port = changed(GRU_PORT, ("GRU(12)", "GRU(12, reset_after=False)"))
    r = expect_unequal(tmp_path, GRU, port, WORDS, gru_pairs())
    assert "reset_after" in r["message"] and r["mismatches"][0]["source"] == "rnn"


def test_keras_gru_without_reset_after(tmp_path):
    source = changed(GRU_PORT, ("GRU(12)", "GRU(12, reset_after=False)"))
    expect_unequal(tmp_path, source, GRU, WORDS, gru_pairs(), "kt", first="rnn")


def test_last_step_of_a_sequence_against_the_first(tmp_path):
    port = changed(GRU_PORT, ("self.rnn(self.embed(x))", "self.rnn(self.embed(x))[:, 0]"),
                   ("GRU(12)", "GRU(12, return_sequences=True)"))
    expect_unequal(tmp_path, GRU, port, WORDS, gru_pairs(), first="fc")
