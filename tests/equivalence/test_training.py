"""Training code, ported: source and port start from the same weights, see the same batches in the same order, and their
losses agree for twenty steps.

The sources are written here, ported by the program, and run in one process for each framework, which records the loss
of every step: what train() returns, what fit reports, what backward() is called on."""
import json
import os
import pathlib
import subprocess
import sys
import textwrap

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("keras")

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTOLAN = os.environ.get("PORTOLAN", str(ROOT / "build" / "portolan"))
STEPS, BATCH = 20, 4

# ---- sources ----

TORCH = """
import torch
from torch import nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
{init}

    def forward(self, x):
{forward}
"""

TORCH_STEPS = """

def train(model, x, y):
    loader = DataLoader(TensorDataset(x, y), batch_size=4)
    criterion = {loss}
    optimizer = {optimizer}
    losses = []
    model.train()
    for epoch in range(4):
        for inputs, targets in loader:
            optimizer.zero_grad()
            outputs = model(inputs)
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
"""

TORCH_FIT = """

def train(model, x, y):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    loader = DataLoader(TensorDataset(x, y), batch_size=4)
    criterion = {loss}
    optimizer = {optimizer}
    for epoch in range(4):
        model.train()
        running_loss = 0.0
        for i, (inputs, targets) in enumerate(loader):
            inputs, targets = inputs.to(device), targets.to(device)
            optimizer.zero_grad()
            loss = criterion(model(inputs), targets)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
        print(f"epoch {{epoch + 1}}: {{running_loss / len(loader):.4f}}")
"""

TORCH_NETS = {
    "mlp": ("self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 3)", "return self.b(torch.tanh(self.a(x)))"),
    "soft": ("self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 3)",
             "return F.softmax(self.b(torch.tanh(self.a(x))), dim=1)"),
    "one": ("self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 1)", "return self.b(torch.tanh(self.a(x)))"),
    "sigmoid": ("self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 1)",
                "return torch.sigmoid(self.b(torch.tanh(self.a(x))))"),
    "cnn": ("self.a = nn.Conv2d(2, 4, 3)\nself.b = nn.Linear(4 * 4 * 4, 3)",
            "x = F.relu(self.a(x))\nreturn self.b(torch.flatten(x, 1))"),
    "auto": ("self.a = nn.Conv2d(2, 4, 3, padding=1)\nself.b = nn.Conv2d(4, 2, 3, padding=1)",
             "return self.b(torch.tanh(self.a(x)))"),
}

KERAS = """
import keras
from keras import layers, ops


def own(y_true, y_pred):
    margin = ops.maximum(1.0 - y_pred, 0.0)
    return y_true * ops.square(y_pred) + (1 - y_true) * ops.square(margin)


def weighted(alpha):
    def loss(y_true, y_pred):
        return alpha * ops.mean(ops.abs(y_true - y_pred))
    return loss


{own}class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
{init}

    def call(self, x):
{forward}


def train(model, x, y):
    model.compile(optimizer={optimizer}, loss={loss}, metrics=["accuracy"])
    model.fit(x, y, batch_size=4, epochs=4, shuffle=False, verbose=0{callbacks})
"""

OWN_LOSSES = {
    "imaged": """def imaged(y_true, y_pred):
    first = ops.mean(ops.abs(y_true[..., 0] - 2.0 * y_pred[..., 0]))
    overlap = ops.sum(y_true * y_pred, axis=[1, 2])
    return ops.mean(ops.square(overlap), axis=-1) / 100.0 + first


""",
    "shared": """def shared(scale):
    def loss(y_true, y_pred):
        return scale * ops.mean(ops.max(ops.square(y_true - y_pred), axis=-1))
    return loss


""",
    "Hinged": """class Hinged(keras.losses.Loss):
    def __init__(self, margin):
        super().__init__(reduction="sum_over_batch_size")
        self.margin = margin

    def call(self, y_true, y_pred):
        return ops.mean(ops.maximum(self.margin - y_true * y_pred, 0.0), axis=-1)


""",
}

KERAS_BATCHES = """


def prepare(model):
    model.compile(optimizer={optimizer}, loss={loss}, metrics=["accuracy"])


def train(model, x, y):
    prepare(model)
    for epoch in range(4):
        for i in range(0, len(x), 4):
            loss, accuracy = model.train_on_batch(x[i:i + 4], y[i:i + 4])
"""

# Between the epochs of a fit; the name of the case without its tail is its row of KERAS_CASES.
CALLBACKS = {
    "sgd-plateau": "[keras.callbacks.ReduceLROnPlateau(monitor='loss', factor=0.2, patience=1, min_delta=0.5)]",
    "sgd-schedule": "[keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.5)]",
    "sgd-epochs": "[keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (1 + epoch))]",
    "momentum-stop": "[keras.callbacks.EarlyStopping(monitor='loss', patience=2, min_delta=10.0)]",
    "momentum-patient": "[keras.callbacks.EarlyStopping(monitor='val_loss', patience=1, min_delta=10.0)], "
                        "validation_data=(x, y)",
}
ENDS = {"keras-momentum-stop": 15, "keras-momentum-patient": 10}  # steps, where fewer than all

KERAS_NETS = {
    "mlp": ('self.a = layers.Dense(8, activation="tanh")\nself.b = layers.Dense(3)', "return self.b(self.a(x))"),
    "soft": ('self.a = layers.Dense(8, activation="tanh")\nself.b = layers.Dense(3, activation="softmax")',
             "return self.b(self.a(x))"),
    "one": ('self.a = layers.Dense(8, activation="tanh")\nself.b = layers.Dense(1)', "return self.b(self.a(x))"),
    "sigmoid": ('self.a = layers.Dense(8, activation="tanh")\nself.b = layers.Dense(1, activation="sigmoid")',
                "return self.b(self.a(x))"),
    "cnn": ('self.a = layers.Conv2D(4, 3, activation="relu")\nself.flat = layers.Flatten()\nself.b = layers.Dense(3)',
            "return self.b(self.flat(self.a(x)))"),
    "auto": ('self.a = layers.Conv2D(4, 3, padding="same", activation="tanh")\n'
             'self.b = layers.Conv2D(2, 3, padding="same")', "return self.b(self.a(x))"),
}

SHAPES = {"mlp": "B,6", "soft": "B,6", "one": "B,6", "sigmoid": "B,6"}
WEIGHTS = {"mlp": [(6, 8), (8, 3)], "soft": [(6, 8), (8, 3)], "one": [(6, 8), (8, 1)], "sigmoid": [(6, 8), (8, 1)],
           "cnn": [(3, 3, 2, 4), (64, 3)], "auto": [(3, 3, 2, 4), (3, 3, 4, 2)]}

CE, SCCE = "nn.CrossEntropyLoss()", "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
P, O = "model.parameters()", "keras.optimizers"
FAITHFUL = "faithful"

# name: network, loss, optimizer, answer to optimizer-step, targets
TORCH_CASES = {
    "sgd": ("mlp", CE, f"torch.optim.SGD({P}, lr=0.1)", None, "classes"),
    "momentum": ("mlp", CE, f"torch.optim.SGD({P}, lr=0.1, momentum=0.9)", None, "classes"),
    "nesterov": ("mlp", CE, f"torch.optim.SGD({P}, lr=0.1, momentum=0.9, nesterov=True)", None, "classes"),
    "decay": ("mlp", CE, f"torch.optim.SGD({P}, lr=0.1, weight_decay=0.01)", None, "classes"),
    "both": ("mlp", CE, f"torch.optim.SGD({P}, lr=0.1, momentum=0.9, weight_decay=0.01)", None, "classes"),
    "dampening": ("mlp", CE, f"torch.optim.SGD({P}, lr=0.1, momentum=0.9, dampening=0.3)", None, "classes"),
    "adam": ("mlp", CE, f"torch.optim.Adam({P}, lr=0.05)", FAITHFUL, "classes"),
    "adam-decay": ("mlp", CE, f"torch.optim.Adam({P}, lr=0.05, weight_decay=0.01)", FAITHFUL, "classes"),
    "amsgrad": ("mlp", CE, f"torch.optim.Adam({P}, lr=0.05, betas=(0.8, 0.9), amsgrad=True)", FAITHFUL, "classes"),
    "adamw": ("mlp", CE, f"torch.optim.AdamW({P}, lr=0.05)", FAITHFUL, "classes"),
    "rmsprop": ("mlp", CE, f"torch.optim.RMSprop({P}, lr=0.01, momentum=0.5)", FAITHFUL, "classes"),
    "adagrad": ("mlp", CE, f"torch.optim.Adagrad({P}, lr=0.05)", FAITHFUL, "classes"),
    "adadelta": ("mlp", CE, f"torch.optim.Adadelta({P}, lr=1.0)", None, "classes"),
    "mse": ("one", "nn.MSELoss()", f"torch.optim.SGD({P}, lr=0.1)", None, "column"),
    "l1": ("one", "nn.L1Loss()", f"torch.optim.SGD({P}, lr=0.05)", None, "column"),
    "huber": ("one", "nn.HuberLoss(delta=0.5)", f"torch.optim.SGD({P}, lr=0.1)", None, "column"),
    "bce": ("sigmoid", "nn.BCELoss()", f"torch.optim.SGD({P}, lr=0.1)", None, "bits"),
    "bce-logits": ("one", "nn.BCEWithLogitsLoss()", f"torch.optim.SGD({P}, lr=0.1)", None, "bits"),
    "soft": ("soft", CE, f"torch.optim.SGD({P}, lr=0.1)", None, "classes"),
    "cnn": ("cnn", CE, f"torch.optim.SGD({P}, lr=0.05, momentum=0.9)", None, "classes"),
    "auto": ("auto", "nn.MSELoss()", f"torch.optim.SGD({P}, lr=0.1)", None, "image"),
}

KERAS_CASES = {
    "sgd": ("mlp", SCCE, f"{O}.SGD(learning_rate=0.1)", None, "classes"),
    "momentum": ("mlp", SCCE, f"{O}.SGD(0.1, momentum=0.9)", None, "classes"),
    "nesterov": ("mlp", SCCE, f"{O}.SGD(0.1, momentum=0.9, nesterov=True)", None, "classes"),
    "decay": ("mlp", SCCE, f"{O}.SGD(0.1, weight_decay=0.01)", None, "classes"),
    "both": ("mlp", SCCE, f"{O}.SGD(0.1, momentum=0.9, weight_decay=0.01)", None, "classes"),
    "adam": ("mlp", SCCE, f"{O}.Adam(0.05)", FAITHFUL, "classes"),
    "adam-string": ("mlp", SCCE, '"adam"', FAITHFUL, "classes"),
    "amsgrad": ("mlp", SCCE, f"{O}.Adam(0.05, beta_1=0.8, amsgrad=True)", FAITHFUL, "classes"),
    "adamw": ("mlp", SCCE, f"{O}.AdamW(0.05, weight_decay=0.02)", FAITHFUL, "classes"),
    "rmsprop": ("mlp", SCCE, f"{O}.RMSprop(0.01, momentum=0.5)", FAITHFUL, "classes"),
    "adagrad": ("mlp", SCCE, f"{O}.Adagrad(0.05)", FAITHFUL, "classes"),
    "clipnorm": ("mlp", SCCE, f"{O}.SGD(0.1, momentum=0.9, clipnorm=0.05)", None, "classes"),
    "clipvalue": ("mlp", SCCE, f"{O}.Adam(0.05, clipvalue=0.01)", FAITHFUL, "classes"),
    "clip-all": ("mlp", SCCE, f"{O}.SGD(0.1, global_clipnorm=0.05)", None, "classes"),
    "rate-decay": ("mlp", SCCE, f"{O}.SGD(lr=0.1, decay=0.05, momentum=0.9)", FAITHFUL, "classes"),
    "rate-decay-adam": ("mlp", SCCE, f"{O}.Adam(lr=0.05, decay=0.1, clipnorm=1.0)", FAITHFUL, "classes"),
    "probabilities": ("soft", '"sparse_categorical_crossentropy"', f"{O}.SGD(0.1)", None, "classes"),
    "one-hot": ("soft", '"categorical_crossentropy"', f"{O}.SGD(0.1)", None, "one-hot"),
    "logits": ("soft", "keras.losses.SparseCategoricalCrossentropy()", f"{O}.SGD(0.1)", "logits", "classes"),
    "labels-column": ("mlp", SCCE, '"sgd"', None, "classes-column"),
    "mse": ("one", '"mse"', f"{O}.SGD(0.1)", None, "column"),
    "mae": ("one", '"mae"', f"{O}.SGD(0.05)", None, "flat"),
    "bce": ("sigmoid", '"binary_crossentropy"', f"{O}.SGD(0.1)", None, "bits"),
    "bce-flat": ("sigmoid", '"binary_crossentropy"', f"{O}.SGD(0.1)", None, "flat-bits"),
    "bce-logits": ("one", "keras.losses.BinaryCrossentropy(from_logits=True)", f"{O}.SGD(0.1)", None, "bits"),
    "own": ("one", "own", f"{O}.SGD(0.1)", None, "column"),
    "own-flat": ("one", "own", f"{O}.SGD(0.1)", None, "flat"),
    "own-made": ("one", "weighted(0.3)", f"{O}.SGD(0.1)", None, "column"),
    "cnn": ("cnn", SCCE, f"{O}.SGD(0.05, momentum=0.9)", None, "classes"),
    "auto": ("auto", '"mse"', f"{O}.SGD(0.1)", None, "image"),
    "own-image": ("auto", "imaged", f"{O}.SGD(0.1)", None, "image"),
    "own-image-made": ("auto", "shared(0.5)", f"{O}.SGD(0.1)", None, "image"),
    "own-class": ("one", "Hinged(0.7)", f"{O}.SGD(0.1)", None, "column"),
    "own-class-image": ("auto", "Hinged(0.2)", f"{O}.SGD(0.1)", None, "image"),
}


# What Keras 2 alone takes, in the words of the Keras that is installed: the source that is run, not the one that is ported.
IN_KERAS_3 = {
    "SGD(lr=0.1, decay=0.05,": "SGD(keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.05),",
    "Adam(lr=0.05, decay=0.1,": "Adam(keras.optimizers.schedules.InverseTimeDecay(0.05, 1, 0.1),",
}

BATCHES = ["sgd", "momentum", "labels-column", "one-hot", "bce-flat", "own-flat", "cnn", "auto"]


def indented(text):
    return textwrap.indent(text, " " * 8)


def torch_source(net, loss, optimizer, form):
    init, forward = TORCH_NETS[net]
    head = TORCH.format(init=indented(init), forward=indented(forward))
    return head + form.format(loss=loss, optimizer=optimizer)


def keras_batches(net, loss, optimizer):
    head = keras_source(net, loss, optimizer)
    return head[:head.index("\n\ndef train(")] + KERAS_BATCHES.format(loss=loss, optimizer=optimizer)


def keras_source(net, loss, optimizer, callbacks=""):
    init, forward = KERAS_NETS[net]
    own = "".join(text for name, text in OWN_LOSSES.items() if name in loss)
    return KERAS.format(own=own, init=indented(init), forward=indented(forward), loss=loss, optimizer=optimizer,
                        callbacks=callbacks)


def data(net, targets, channels_first):
    draw = np.random.default_rng(7)
    n = STEPS // 4 * BATCH
    image = net in ("cnn", "auto")
    shape = (n, 2, 6, 6) if channels_first else (n, 6, 6, 2)
    x = draw.normal(size=shape if image else (n, 6)).astype("float32")
    classes = draw.integers(0, 3, size=(n,))
    y = {"classes": classes, "classes-column": classes[:, None], "one-hot": np.eye(3, dtype="float32")[classes],
         "column": draw.normal(size=(n, 1)).astype("float32"), "flat": draw.normal(size=(n,)).astype("float32"),
         "bits": (classes[:, None] > 1).astype("float32"), "flat-bits": (classes > 1).astype("float32"),
         "image": draw.normal(size=shape).astype("float32")}[targets]
    return x, y


def weights(net):
    """Kernels as Keras holds them."""
    draw = np.random.default_rng(3)
    out = []
    for shape in WEIGHTS[net]:
        out += [draw.normal(size=shape).astype("float32") * 0.4, draw.normal(size=shape[-1:]).astype("float32") * 0.1]
    return out


# ---- the two processes ----

RUNNER = r'''
import importlib.util, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
side, jobs = sys.argv[1], json.load(open(sys.argv[2]))
recorded = []
if side == "torch":
    import torch
    torch.set_num_threads(1)
    real = torch.Tensor.backward
    def backward(self, *args, **kwargs):
        recorded.append(self.item())
        return real(self, *args, **kwargs)
    torch.Tensor.backward = backward
else:
    import keras
    class Record(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.before, self.count = 0.0, 0
        def on_train_batch_end(self, batch, logs=None):
            self.count += 1
            total = logs["loss"] * self.count
            recorded.append(float(total - self.before))
            self.before = total
    real = keras.Model.fit
    def fit(self, *args, **kwargs):
        kwargs["verbose"] = 0
        return real(self, *args, callbacks=[Record(), *kwargs.pop("callbacks", [])], **kwargs)
    keras.Model.fit = fit
    step = keras.Model.train_on_batch
    def train_on_batch(self, *args, **kwargs):
        result = step(self, *args, **kwargs)
        recorded.append(float(result[0] if isinstance(result, list) else result))
        self.reset_metrics()  # else Keras 3 gives means over all batches so far
        return result
    keras.Model.train_on_batch = train_on_batch

def build(module, job, arrays, x):
    net = module.Net()
    kernels = [arrays["w%d" % i] for i in range(job["weights"])]
    if side == "torch":
        if job["flat"]:
            kernels[2] = kernels[2].reshape(job["flat"]).transpose(2, 0, 1, 3).reshape(64, 3) if job["torch_order"] else kernels[2]
        with torch.no_grad():
            for parameter, value in zip(net.parameters(), kernels):
                axes = {1: (0,), 2: (1, 0), 4: (3, 2, 0, 1)}[value.ndim]
                parameter.copy_(torch.tensor(value.transpose(axes).copy()))
        return net
    if job["flat"] and job["torch_order"]:
        kernels[2] = kernels[2].reshape(job["flat"]).transpose(2, 0, 1, 3).reshape(64, 3)
    net(x[:1].transpose(0, 2, 3, 1) if job["move"] else x[:1])
    net.set_weights(kernels)
    return net

results = {}
for job in jobs:
    try:
        spec = importlib.util.spec_from_file_location("m_" + str(len(results)), job["file"])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        arrays = np.load(job["arrays"])
        x, y = arrays["x"], arrays["y"]
        net = build(module, job, arrays, x)
        recorded.clear()
        if side == "torch" and job["own"]:
            x, y = torch.tensor(x), torch.tensor(y)
        returned = module.train(net, x, y)
        results[job["name"]] = [float(v) for v in (returned or recorded)]
    except Exception as e:
        import traceback
        results[job["name"]] = traceback.format_exc()[-1500:]
json.dump(results, open(sys.argv[3], "w"))
'''


def cases():
    for name, case in TORCH_CASES.items():
        yield f"torch-steps-{name}", "torch", case, torch_source(*case[:3], TORCH_STEPS)
        yield f"torch-fit-{name}", "torch", case, torch_source(*case[:3], TORCH_FIT)
    for name, case in KERAS_CASES.items():
        yield f"keras-{name}", "keras", case, keras_source(*case[:3])
    for name in BATCHES:
        case = KERAS_CASES[name]
        yield f"keras-batches-{name}", "keras", case, keras_batches(*case[:3])
    for name, callbacks in CALLBACKS.items():
        case = KERAS_CASES[name.split("-")[0]]
        yield f"keras-{name}", "keras", case, keras_source(*case[:3], f", callbacks={callbacks}")


NAMES = [name for name, *_ in cases()]


def answers(name, origin, answer):
    if answer is None:
        return []
    place = "train.optimizer" if origin == "torch" else "train"
    kind = "loss-reading" if answer == "logits" else "optimizer-step"
    return ["--set", f"{kind}:{place}={answer}"]


def shape_of(net, origin):
    image = "B,2,6,6" if origin == "torch" else "B,6,6,2"
    return SHAPES.get(net, image)


@pytest.fixture(scope="session")
def losses(tmp_path_factory):
    folder = tmp_path_factory.mktemp("training")
    jobs, ports = {"torch": [], "keras": []}, {}
    for name, origin, (net, _, _, answer, targets), text in cases():
        source, port = folder / f"{name}.py", folder / f"{name}_port.py"
        source.write_text(text)
        to = "tensorflow" if origin == "torch" else "pytorch"
        run = subprocess.run([PORTOLAN, "port", str(source), "--to", to, "-o", str(port), "--shape",
                              shape_of(net, origin)] + answers(name, origin, answer), capture_output=True, text=True)
        for old, new in IN_KERAS_3.items():
            source.write_text(source.read_text().replace(old, new))
        ports[name] = (run.returncode, run.stdout + run.stderr, port.read_text() if port.exists() else "")
        x, y = data(net, targets, origin == "torch")
        arrays = folder / f"{name}.npz"
        np.savez(arrays, x=x, y=y, **{f"w{i}": w for i, w in enumerate(weights(net))})
        image = net in ("cnn", "auto")
        for side in ("torch", "keras"):
            own = side == origin
            jobs[side].append({"name": name, "file": str(source if own else port), "arrays": str(arrays), "own": own,
                               "weights": 4, "flat": [4, 4, 4, 3] if net == "cnn" else None,
                               "torch_order": origin == "torch", "move": image and origin == "torch"})
    (folder / "runner.py").write_text(RUNNER)
    results = {}
    for side, list_ in jobs.items():
        (folder / f"{side}.json").write_text(json.dumps(list_))
        subprocess.run([sys.executable, str(folder / "runner.py"), side, str(folder / f"{side}.json"),
                        str(folder / f"{side}_out.json")], check=True)
        results[side] = json.loads((folder / f"{side}_out.json").read_text())
    return ports, results


@pytest.mark.parametrize("name", NAMES)
def test_losses_agree(losses, name):
    ports, results = losses
    code, said, text = ports[name]
    assert code == 0 and "PORT:" not in text, said + text
    torch_losses, keras_losses = results["torch"][name], results["keras"][name]
    assert isinstance(torch_losses, list), f"{torch_losses}\n{text}"
    assert isinstance(keras_losses, list), f"{keras_losses}\n{text}"
    assert len(torch_losses) == len(keras_losses) == ENDS.get(name, STEPS)
    assert np.isfinite(torch_losses).all() and len(set(torch_losses)) >= len(torch_losses) // 2, torch_losses
    np.testing.assert_allclose(keras_losses, torch_losses, rtol=1e-4, err_msg=text)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("torch-fit")])
def test_a_plain_loop_is_fit(losses, name):
    text = losses[0][name][2]
    assert ".fit(" in text and "GradientTape" not in text


def test_same_framework_keeps_training(tmp_path):
    """Losses and optimizers of a port within one framework are the author's own."""
    source, port = tmp_path / "a.py", tmp_path / "b.py"
    source.write_text(torch_source(*TORCH_CASES["both"][:3], TORCH_STEPS))
    subprocess.run([PORTOLAN, "port", str(source), "--to", "pytorch", "-o", str(port), "--shape", "B,6"], check=True,
                   capture_output=True)
    assert "torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)" in " ".join(
        port.read_text().split()).replace("( ", "(").replace(" )", ")")
