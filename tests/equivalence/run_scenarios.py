"""The scenarios: every direction, source style and target style of the five networks, on the real frameworks.

From one sample of a network its forms are made first: Subclassing and Sequential, in both frameworks, by the
program's own ports, each checked against the sample. Then each form is ported to each form of the other
framework, verified, ported back, and verified again. Only `portolan port` and `portolan verify` are used.

    run_scenarios.py [--trials N] [--networks a,b] [--weights drawn,init] [--table RESULTS.md]

Results are kept in build/scenarios under a hash of both texts and the options, so that a run that was broken off
goes on where it stopped, and a text that comes out twice is verified once.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PORTOLAN = ROOT / os.environ.get("PORTOLAN", "build/portolan")
WORK = ROOT / "build" / "scenarios"
OTHER = {"pytorch": "tensorflow", "tensorflow": "pytorch"}
SHORT = {"pytorch": "PyTorch", "tensorflow": "Keras"}
BOTH = ("subclassing", "sequential")
TIMEOUT = 3600


@dataclasses.dataclass(frozen=True)
class Network:
    title: str
    sample: str
    framework: str
    styles: tuple


NETWORKS = {
    "alexnet": Network("AlexNet", "samples/alexnet.py", "pytorch", BOTH),
    "vgg16": Network("VGG16", "samples/vgg16.py", "pytorch", BOTH),
    "tf_tutorial": Network("TF-Tutorial", "samples/tf_tutorial.py", "tensorflow", BOTH),
    "lstm": Network("LSTM", "samples/lstm.py", "tensorflow", ("subclassing",)),
    "cnn_rnn": Network("CNN-RNN", "samples/cnn_rnn.py", "tensorflow", ("subclassing",)),
}


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One port to verify. The source is made first, by the scenario that writes it."""

    network: str
    group: str  # "form", "port", "back", "functional"
    label: str
    source: pathlib.Path
    target: pathlib.Path
    to: str
    style: str


class Failure(Exception):
    """A port or a verification that did not come out; its text is the program's message."""


def run(*arguments, timeout=TIMEOUT):
    return subprocess.run(
        [str(PORTOLAN), *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def short(framework, style):
    return f"{SHORT[framework]} {style.capitalize()}"


def scenarios(name):
    """All scenarios of a network, in an order in which each source has been written before."""
    network = NETWORKS[name]
    place = WORK / name
    sample = ROOT / network.sample
    own, other = network.framework, OTHER[network.framework]

    def form(framework, style):
        return place / f"{name}_{framework}_{style}.py"

    result = []
    for framework in (own, other):
        for style in network.styles:
            # The other framework's second form is a same-framework port of its first.
            first = framework == own or style == network.styles[0]
            source = sample if first else form(framework, network.styles[0])
            label = f"{short(framework, style)} form"
            result.append(
                Scenario(name, "form", label, source, form(framework, style), framework, style)
            )
    for framework in ("pytorch", "tensorflow"):
        to = OTHER[framework]
        for style in network.styles:
            for target_style in network.styles:
                source = form(framework, style)
                label = f"{short(framework, style)} → {short(to, target_style)}"
                stem = f"{name}_{framework}_{style}_to_{target_style}"
                target = place / f"{stem}.py"
                result.append(Scenario(name, "port", label, source, target, to, target_style))
                back = place / f"{stem}_back.py"
                result.append(
                    Scenario(name, "back", f"{label} → back", target, back, framework, style)
                )
    for framework in ("pytorch", "tensorflow"):
        source = form(framework, "subclassing")
        label = f"{short(framework, 'subclassing')} → Keras functional"
        target = place / f"{name}_{framework}_to_functional.py"
        result.append(
            Scenario(name, "functional", label, source, target, "tensorflow", "functional")
        )
    return result


def port(scenario):
    """Writes the scenario's target. A port that is not complete is a failure."""
    scenario.target.parent.mkdir(parents=True, exist_ok=True)
    scenario.target.unlink(missing_ok=True)
    done = run(
        "port",
        os.path.relpath(scenario.source, ROOT),
        "--to",
        scenario.to,
        "--style",
        scenario.style,
        "-o",
        os.path.relpath(scenario.target, ROOT),
    )
    # Status 3: written, with marked places. Those may be in training code that a way back does not
    # recognise; whether the network is whole is for the comparison to say.
    if done.returncode not in (0, 3):
        raise Failure(f"port ended with status {done.returncode}\n{done.stderr[-2000:]}")


def against(scenario):
    """What a target is verified against: a port back against where the way began."""
    if scenario.group != "back":
        return scenario.source
    name = scenario.target.name
    return scenario.target.with_name(name[: name.index("_to_")] + ".py")


def verify(scenario, trials, weights):
    """The program's own result of the comparison, as its JSON has it."""
    source = against(scenario)
    options = ["--trials", str(trials), "--weights", weights, "--timeout", str(TIMEOUT - 60)]
    key = hashlib.sha256()
    for text in (source.read_bytes(), scenario.target.read_bytes(), " ".join(options).encode()):
        key.update(hashlib.sha256(text).digest())
    kept = WORK / "results" / f"{key.hexdigest()[:32]}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    start = time.monotonic()
    done = run(
        "verify",
        os.path.relpath(source, ROOT),
        os.path.relpath(scenario.target, ROOT),
        "--python",
        sys.executable,
        "--json",
        *options,
    )
    if done.returncode != 0:
        raise Failure(
            f"verify ended with status {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    result = json.loads(done.stdout)
    result["seconds"] = round(time.monotonic() - start, 1)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(result))
    return result


def largest(result):
    """The largest absolute difference at the output."""
    return result["max"]


def rounding(result):
    """The network's own float32 rounding, measured against float64 on the source's side."""
    return result.get("rounding")


def figure(value):
    return "–" if value is None else f"{value:.1e}"


def table(rows, trials, weights):
    """The rows as Markdown, one section a network."""
    lines = [
        "# Equivalence of the ports, measured",
        "",
        f"Largest absolute difference between the outputs of source and port, under equal weights, over {trials}",
        "random inputs (fewer where said). `init`: the weights that the source's framework initialises. `drawn`:",
        "weights drawn so that every layer counts. Beside it the network's own float32 rounding under the same",
        "weights, measured against float64. A port back is compared with the form that the way began with.",
        "",
        "Made by `make table`.",
        "",
    ]
    head = " | ".join(f"{w}: difference | rounding" for w in weights)
    for name, network in NETWORKS.items():
        own = [row for row in rows if row["network"] == name]
        if not own:
            continue
        lines += [f"## {network.title}", "", f"| scenario | inputs | {head} |"]
        lines += ["|" + "---|" * (2 + 2 * len(weights))]
        for row in own:
            cells = " | ".join(" | ".join(row["cells"].get(w, ("–", "–"))) for w in weights)
            lines.append(f"| {row['label']} | {row['inputs']} | {cells} |")
        lines.append("")
    equal = sum(row["equal"] for row in rows)
    lines += [f"{equal} of {len(rows)} scenarios are equal.", ""]
    return "\n".join(lines)


def run_one(scenario, trials, weights):
    row = {"network": scenario.network, "label": scenario.label, "cells": {}, "inputs": trials}
    row["equal"] = True
    try:
        port(scenario)
        for kind in weights:
            result = verify(scenario, trials, kind)
            row["cells"][kind] = (figure(largest(result)), figure(rounding(result)))
            row["inputs"] = min(row["inputs"], result.get("trials", trials))
    except (Failure, subprocess.TimeoutExpired, OSError, KeyError, ValueError) as error:
        row["equal"] = False
        row["cells"][weights[-1]] = ("**fails**", "–")
        print(f"    {error}".rstrip(), file=sys.stderr)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--weights", default="drawn,init")
    parser.add_argument("--table")
    options = parser.parse_args()
    weights = options.weights.split(",")
    rows = []
    for name in options.networks.split(","):
        for scenario in scenarios(name):
            start = time.monotonic()
            row = run_one(scenario, options.trials, weights)
            rows.append(row)
            said = ", ".join(f"{kind} {cell[0]}" for kind, cell in row["cells"].items())
            took = time.monotonic() - start
            print(f"{name}: {scenario.label}: {said} ({took:.0f} s)", flush=True)
            if options.table:
                (ROOT / options.table).write_text(table(rows, options.trials, weights))
    failed = sum(not row["equal"] for row in rows)
    print(f"{len(rows) - failed} equal, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
