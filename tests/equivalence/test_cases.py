"""Single layers and operations: each case is ported to the other framework and compared with its port.

A case is a small source file in cases/; its first line says what it shows, its imports say in which direction it goes.
One that cannot be ported whole stands in cases/expected_gaps.txt, "name: a part of what the port says", so that progress
is a diff; one that is known to come out wrong stands in cases/known_faults.txt. Both lists must be exact. A line
"# compared as: Net(deep=True), of 2,3,8,8" compares the port of the file with another call than it was ported for.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CASES = sorted((HERE / "cases").glob("*.py"))
PORTOLAN = os.environ.get("PORTOLAN", str(ROOT / "build" / "portolan"))
TIMEOUT = 330


def listed(name):
    lines = (HERE / "cases" / name).read_text().splitlines()
    pairs = (line.split(":", 1) for line in lines if line.strip() and line[0] != "#")
    return {case.strip(): text.strip() for case, text in pairs}


GAPS, FAULTS = listed("expected_gaps.txt"), listed("known_faults.txt")


def port(case, folder):
    """Status and messages of the port; the job of its comparison is left in the folder."""
    to = "tensorflow" if "import torch" in case.read_text() else "pytorch"
    target = folder / "port.py"
    done = subprocess.run([PORTOLAN, "port", case, "--to", to, "-o", target], capture_output=True, text=True, timeout=60)
    if done.returncode == 0:  # any program serves: what is wanted is the job that is kept
        command = [PORTOLAN, "verify", case, target, "--keep", folder, "--python", shutil.which("true")]
        other = re.search(r"^# compared as: (.*), of (\S+)$", case.read_text(), re.M)
        command += ["--entry", other[1], "--shape", other[2]] if other else []
        subprocess.run(command, capture_output=True, text=True, timeout=60)
    text = target.read_text() if target.exists() else ""
    return done.returncode, done.stderr + text


def is_legacy(folder):
    job = json.loads((folder / "job.json").read_text())
    return any(job[side]["framework"] == "tensorflow" and job[side].get("keras") == 2 for side in ("source", "port"))


def compare(folders):
    """Verdicts by folder. A process that dies takes one case with it; the rest goes on in another."""
    found, todo = {}, [str(f) for f in folders]
    while todo:
        command = [sys.executable, str(HERE / "compare_cases.py"), *todo]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=TIMEOUT)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        found.update({a["folder"]: (a["verdict"], a["message"]) for a in answers})
        todo = [f for f in todo if f not in found]
        if todo:
            found[todo.pop(0)] = ("error", f"the comparison ended with status {done.returncode}")
    return found


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of every case; the two generations of Keras do not live in one process."""
    base, ported, groups = tmp_path_factory.mktemp("cases"), {}, {True: [], False: []}
    for case in CASES:
        folder = base / case.stem
        folder.mkdir()
        ported[case.stem] = port(case, folder)
        if (folder / "job.json").exists():
            groups[is_legacy(folder)].append(folder)
    verdicts = {**compare(groups[False]), **compare(groups[True])}
    nothing = ("error", "nothing to compare was left")
    return {name: (*result, *verdicts.get(str(base / name), nothing)) for name, result in ported.items()}


@pytest.mark.parametrize("name", [c.stem for c in CASES])
def test_case(name, outcomes):
    status, said, verdict, message = outcomes[name]
    if name in GAPS:
        assert status == 3 and GAPS[name] in said, f"not the gap that is expected: status {status}\n{said}"
        return
    if name in FAULTS:
        assert (status, verdict) != (0, "equal"), "this is right now: take it off known_faults.txt"
        pytest.xfail(FAULTS[name])
    assert status == 0, said
    assert verdict == "equal", message


def test_lists_name_cases():
    names = {c.stem for c in CASES}
    assert set(GAPS) | set(FAULTS) <= names and not set(GAPS) & set(FAULTS)
