"""Runs the comparison script on two files that a test writes."""
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NHWC, NCHW, NLC = [0, 2, 3, 1], [0, 3, 1, 2], [0, 2, 1]


def script(folder):
    """The script as the program writes it: its parts, one after the other."""
    path = folder / "verify.py"
    parts = sorted((ROOT / "templates" / "verify").glob("*.py"))
    path.write_text("\n\n".join(p.read_text().rstrip("\n") for p in parts) + "\n")
    return path


def line_of(text, path):
    name = path.split(",")[0].split(".")[0].split("[")[0]
    for number, line in enumerate(text.split("\n"), 1):
        if f"{name} =" in line:
            return number
    return 0


def pair(source, target=None, rule=None, perm=None, **attrs):
    return {"source": source, "target": target or source, "rule": rule, "kind": rule or "layer", "out_perm": perm,
            "attrs": attrs}


def array(*shape, perm=None, dtype="float32", high=None, name="x"):
    return {"name": name, "shape": list(shape), "dtype": dtype, "high": high, "port_perm": perm}


def write_job(folder, source, port, inputs, pairs, direction, options):
    names = {"t": ("pytorch", 0), "k": ("tensorflow", 3), "2": ("tensorflow", 2)}
    job = {"inputs": inputs, "pairs": pairs, "output_perms": options.pop("output_perms", []), "seed": 0,
           "weights": "drawn", "tolerance": None, "trials": 20}
    for side, text, letter in (("source", source, direction[0]), ("port", port, direction[1])):
        framework, keras = names[letter]
        path = folder / f"{side}.py"
        path.write_text(text)
        job[side] = {"path": str(path), "framework": framework, "keras": keras,
                     "slice": options.pop(f"{side}_slice", None), "root": options.pop(f"{side}_root", "Net()")}
    for p in pairs:
        p["source_line"], p["target_line"] = line_of(source, p["source"]), line_of(port, p["target"])
    job.update(options)
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return path


def run(folder, source, port, inputs, pairs, direction="tk", python=sys.executable, **options):
    """The result event. direction: t PyTorch, k Keras 3, 2 Keras 2; source, then port."""
    path = write_job(folder, source, port, inputs, pairs, direction, options)
    done = subprocess.run([python, str(script(folder)), str(path)], capture_output=True, text=True, timeout=300)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events, done.stderr
    result = events[-1]
    assert result["event"] == "result", done.stderr
    assert done.returncode == {"equal": 0, "unequal": 4, "error": 1}[result["verdict"]], done.stderr
    assert not list(folder.glob("arrays-*")), "the arrays are left behind"
    if os.environ.get("VERIFY_SHOW"):
        print(json.dumps(result, indent=1))
    return result


def expect_equal(*args, **kwargs):
    r = run(*args, **kwargs)
    assert r["verdict"] == "equal", r["message"]
    assert all(layer["equal"] for layer in r["layers"]), [x for x in r["layers"] if not x["equal"]]
    assert not r["uncovered"]["source"] and not r["uncovered"]["port"], r["uncovered"]
    return r


def expect_unequal(*args, first=None, **kwargs):
    """first: the layer at which the two must be said to part."""
    r = run(*args, **kwargs)
    assert r["verdict"] == "unequal", r["message"]
    if first:
        assert r["first"] is not None and r["layers"][r["first"]]["source"] == first, r["message"]
    return r
