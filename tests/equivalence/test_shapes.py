"""Holds tests/equivalence/shapes.txt to the real frameworks: each case is run, and the shapes and dtypes that come out must be
the ones written there. `python tests/equivalence/test_shapes.py --update` writes them instead.

tests/unit/test_shape.c holds the engine's rules to the same file, so the two together compare rules and frameworks."""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shapes.txt")


def read_cases():
    """(line number, framework, kind, inputs, outputs, code) for each case."""
    with open(CASES, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or not line.strip():
                continue
            framework, kind, inputs, outputs, code = (part.strip() for part in line.split("|", 4))
            yield number, framework, kind, inputs, outputs, code


def parse_tensors(text):
    for word in text.split():
        shape, _, dtype = word.partition(":")
        dims = tuple(int(n) for n in shape.strip("()").split(",") if n)
        yield dims, dtype or "float32"


def array(dims, dtype):
    import numpy as np

    if dtype == "index":  # valid positions for any axis of 3 or more
        return np.zeros(dims, "int64") if not dims else np.arange(np.prod(dims)).reshape(dims).astype("int64") % 2
    if dtype == "bfloat16":
        dtype = "float32"
    return np.ones(dims, dtype)


def flatten(x):
    if isinstance(x, (tuple, list)):
        return [t for item in x for t in flatten(item)]
    return [x]


def text_of(dims, dtype):
    dtype = str(dtype).replace("torch.", "").replace("<dtype: '", "").rstrip("'>")
    return "(%s)%s" % (",".join(str(int(n)) for n in dims), "" if dtype == "float32" else ":" + dtype)


def run_torch(inputs, code):
    import torch
    from torch import nn
    import torch.nn.functional as F

    names = {"torch": torch, "nn": nn, "F": F}
    xs = [torch.from_numpy(array(d, t)) for d, t in inputs]
    xs = [x.to(torch.bfloat16) if t == "bfloat16" else x for x, (_, t) in zip(xs, inputs)]
    with torch.no_grad():
        return flatten(eval(code, names)(*xs))


def run_keras(inputs, code):
    import tensorflow as tf
    import keras
    from keras import layers, ops

    names = {"tf": tf, "keras": keras, "layers": layers, "ops": ops}
    xs = [tf.constant(array(d, t)) for d, t in inputs]
    return flatten(eval(code, names)(*xs))


def outputs_of(framework, inputs, code):
    import warnings

    run = run_torch if framework == "torch" else run_keras
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            outs = run(list(parse_tensors(inputs)), code)
        except Exception:  # any refusal: each framework has its own classes
            return "error"
    return " ".join(text_of(x.shape, x.dtype) for x in outs)


def pytest_generate_tests(metafunc):
    if "case" in metafunc.fixturenames:
        cases = list(read_cases())
        metafunc.parametrize("case", cases, ids=["%d-%s" % (c[0], c[2].split("(")[0]) for c in cases])


def test_shape(case):
    _, framework, _, inputs, outputs, code = case
    assert outputs_of(framework, inputs, code) == outputs


def update():
    with open(CASES, encoding="utf-8") as f:
        lines = f.readlines()
    for number, framework, kind, inputs, _, code in read_cases():
        outputs = outputs_of(framework, inputs, code)
        lines[number - 1] = " | ".join((framework, kind, inputs, outputs, code)) + "\n"
    with open(CASES, "w", encoding="utf-8") as f:
        f.writelines(lines)


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    update()
