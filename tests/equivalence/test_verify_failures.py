"""What goes wrong around a comparison must end in a sentence that says what, on which side, and at which line."""
import os
import shutil
import subprocess
import sys
import time

import pytest

pytest.importorskip("torch")

from verifycase import array, expect_unequal, pair, run, script, write_job      # noqa: E402

NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, n=3):
        super().__init__()
        self.fc1 = nn.Linear(4, 6)
        self.fc2 = nn.Linear(6, n)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))
"""
INPUT = [array(2, 4)]


def pairs():
    return [pair("fc1", rule="dense"), pair("fc2", rule="dense")]


def message(tmp_path, port, **options):
    r = run(tmp_path, NET, port, INPUT, pairs(), "tt", **options)
    assert r["verdict"] == "error"
    return r["message"]


def test_exception_in_the_network(tmp_path):
    text = message(tmp_path, NET.replace("nn.Linear(6, n)", "nn.Linear(6)"))
    assert "the port (port.py): building the network" in text and "TypeError" in text and "(port.py:9)" in text


def test_exception_in_the_forward(tmp_path):
    assert "(port.py:12)" in message(tmp_path, NET.replace("self.fc1(x)", "self.fc2(x)"))


def test_syntax_error(tmp_path):
    assert "SyntaxError" in message(tmp_path, NET + "def (:\n")


def test_program_that_exits(tmp_path):
    assert "SystemExit" in message(tmp_path, NET + "raise SystemExit(0)\n")


def test_crash(tmp_path):
    text = message(tmp_path, NET.replace("        return", "        import os; os.abort()\n        return"))
    assert "the Python of the port (port.py) was ended by SIGABRT" in text


def test_hang(tmp_path):
    started = time.monotonic()
    text = message(tmp_path, NET.replace("        return", "        while True: pass\n        return"), timeout=8)
    assert "did not answer for 8 seconds" in text and "--timeout" in text
    assert time.monotonic() - started < 30


def test_missing_framework(tmp_path):
    net = NET.replace("import torch\n", "import torch, frameworkx\nfrom frameworkx.parts import Part\n")
    text = message(tmp_path, net.replace("nn.Linear(6, n)", "Part(6, n)"))
    assert "has no module named frameworkx" in text and "--python" in text


def test_missing_module_that_the_network_does_not_need(tmp_path):
    net = NET.replace("import torch\n", "import torch, frameworkx\nimport frameworkx.plots as plt\n")
    net += "    def show(self, what=plt.Figure | None):\n        plt.show(what)\n"
    r = run(tmp_path, net, NET, INPUT, pairs(), "tt")
    assert r["verdict"] == "equal" and any("not installed" in note and "frameworkx" in note for note in r["notes"])
    text = message(tmp_path, net.replace("        return", "        plt.show()\n        return"))
    assert "has no module named frameworkx" in text


def test_not_a_network(tmp_path):
    assert "is a int, not a module" in message(tmp_path, NET, port_root="len('a')")


def test_random_numbers_are_the_same(tmp_path):
    """What a network draws by itself does not part it from its port; what it does with them may."""
    one = NET.replace("return self.fc2(", "noise = 0.5 + 2.0 * torch.randn(x.shape[0], 6)\n        return self.fc2(noise + ")
    other = NET.replace("return self.fc2(", "like = torch.empty(x.shape[0], 6)\n        return self.fc2(torch.normal(0.5, 2.0, like.shape) + ")
    r = run(tmp_path, one, other, INPUT, pairs(), "tt")
    assert r["verdict"] == "equal" and any("random numbers" in note for note in r["notes"])
    folder = tmp_path / "differs"
    folder.mkdir()
    r = run(folder, one, other.replace("2.0", "1.9"), INPUT, pairs(), "tt")
    assert r["verdict"] == "unequal"


def test_random_network(tmp_path):
    text = message(tmp_path, NET.replace("return self.fc2(", "return self.fc2(torch.nn.functional.dropout(")
                   .replace("self.fc1(x)))", "self.fc1(x))))"))
    assert "the port is random" in text


def test_outputs_that_say_nothing(tmp_path):
    net = NET.replace("return self", "return float('nan') * self")
    r = run(tmp_path, net, net, INPUT, pairs(), "tt")
    assert r["verdict"] == "error" and "nothing can be compared" in r["message"]


def test_weights_that_do_not_fit(tmp_path):
    r = expect_unequal(tmp_path, NET, NET.replace("(4, 6)", "(4, 5)").replace("(6, n)", "(5, n)"), INPUT, pairs(), "tt")
    assert "the weights of fc1" in r["message"] and "source.py:8" in r["message"]


def test_layer_that_is_not_there(tmp_path):
    r = expect_unequal(tmp_path, NET, NET.replace("fc2", "fc3"), INPUT, pairs(), "tt")
    assert "no fc2" in r["message"]


def test_layer_that_is_not_called(tmp_path):
    port = NET.replace("self.fc2 =", "self.spare = nn.Linear(4, 4)\n        self.fc2 =")
    r = run(tmp_path, port, port, INPUT, pairs() + [pair("spare", rule="dense")], "tt")
    assert r["verdict"] == "equal" and r["unreached"] == ["spare"]


def test_layer_that_the_output_does_not_show(tmp_path):
    """A layer whose effect is multiplied away is compared itself, and named as unseen."""
    net = NET.replace("return self.fc2(torch.relu(self.fc1(x)))", "return self.fc2(0 * self.fc1(x))")
    r = run(tmp_path, net, net, INPUT, pairs(), "tt")
    assert r["verdict"] == "equal" and r["unseen"] == ["fc1"]
    folder = tmp_path / "differs"
    folder.mkdir()
    r = run(folder, net, net.replace("self.fc1(x))", "self.fc1(x + 1))"), INPUT, pairs(), "tt")
    assert r["verdict"] == "unequal" and "the outputs do not show" in r["message"]


def test_what_the_job_leaves_out_is_paired_by_name(tmp_path):
    r = run(tmp_path, NET, NET, INPUT, pairs()[:1], "tt")
    assert r["verdict"] == "equal" and "paired by name: fc2" in r["notes"]


def test_weights_without_a_pair(tmp_path):
    r = run(tmp_path, NET, NET.replace("fc2", "last"), INPUT, pairs()[:1], "tt")
    assert r["verdict"] == "unequal" and any("fc2.weight" in note for note in r["notes"])
    assert any("last.weight" in note for note in r["notes"])


def test_fixed_batch_is_run_one_by_one(tmp_path):
    net = NET.replace("torch.relu(self.fc1(x))", "torch.relu(self.fc1(x)).view(2, 6)")
    r = run(tmp_path, net, net, INPUT, pairs(), "tt", trials=12)
    assert r["verdict"] == "equal" and r["trials"] == 12


def test_slow_network_lowers_the_trials(tmp_path):
    net = NET.replace("        return", "        import time; time.sleep(2.5)\n        return")
    r = run(tmp_path, net, net, INPUT, pairs()[:0], "tt", weights="init", trials=None)
    assert any("instead of 100" in note for note in r["notes"])


def test_network_that_cannot_run_in_double_precision(tmp_path):
    net = NET.replace("return self.fc2(", "x = x + torch.zeros(1, 4, dtype=torch.float32)\n        return self.fc2(") \
        .replace("self.fc1(x)", "self.fc1(x.float())")
    r = run(tmp_path, net, net, INPUT, pairs(), "tt")
    assert r["verdict"] == "equal" and any("does not run in float64" in note for note in r["notes"])
    assert 0 < r["rounding"] < 1e-4


@pytest.mark.skipif(not shutil.which("ps"), reason="needs ps")
def test_an_end_from_outside_leaves_nothing(tmp_path):
    net = NET.replace("        return", "        while True: pass\n        return")
    path = write_job(tmp_path, NET, net, INPUT, pairs(), "tt", {})
    process = subprocess.Popen([sys.executable, str(script(tmp_path)), str(path)], stdout=subprocess.DEVNULL)
    time.sleep(6)
    process.terminate()
    process.wait(10)
    assert not list(tmp_path.glob("arrays-*"))
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert os.fspath(tmp_path) not in listing
