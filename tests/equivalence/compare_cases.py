"""Compares many networks with their ports in one process, where both frameworks are loaded once.

    python compare_cases.py FOLDER...        each as `portolan verify --keep FOLDER` leaves it: a job.json

The comparison is the program's own (templates/verify), with both sides as objects of this process instead of two
processes, and without the disturbing of layers. One JSON object a line: {"folder": ..., "verdict": ..., "message": ...}.
"""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import traceback

os.environ.update(CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0")
ROOT = pathlib.Path(__file__).resolve().parents[2]
TRIALS = 2


def comparison_module():
    """The names of the comparison script."""
    import numpy

    names = {"__name__": "comparison", "np": numpy}
    for part in sorted((ROOT / "templates" / "verify").glob("*.py")):
        exec(compile(part.read_text(), str(part), "exec", dont_inherit=True), names)
    return names


def near_peer(names):
    """A Peer whose Side is an object here."""

    class NearPeer:
        def __init__(self, job, which, path, folder, timeout):
            self.job, self.which, self.spec, self.side, self.answer = job, which, job[which], None, None

        def begin(self, verb, **arguments):
            try:
                if self.side is None:
                    self.side = names["Side"](self.job, self.which)
                self.answer = getattr(self.side, verb)(**arguments)
            except (names["Failure"], names["Mismatch"]) as e:
                self.answer = e
            except BaseException as e:
                if os.environ.get("CASE_TRACE"):
                    traceback.print_exc()
                self.answer = names["Failure"](
                    f"the {self.which}, {names['WORDS'][verb]}: {names['describe'](e, self.spec['path'])}"
                )

        def end(self):
            if isinstance(self.answer, BaseException):
                raise self.answer
            return self.answer

        def ask(self, verb, **arguments):
            self.begin(verb, **arguments)
            return self.end()

        def stop(self):
            self.side = None

    class Alive:
        @staticmethod
        def poll():
            return None

    NearPeer.process = Alive()
    return NearPeer


def compare(names, folder):
    job = json.loads((pathlib.Path(folder) / "job.json").read_text())
    job["trials"] = TRIALS
    said = []
    names["Peer"] = near_peer(names)
    names["say"] = lambda event, **fields: said.append(fields)

    class Quick(names["Comparison"]):
        def disturb(self):
            self.moves = {}

    with tempfile.TemporaryDirectory() as arrays:
        comparison = Quick(job, arrays, "")
        try:
            comparison.compare()
        except names["Mismatch"] as e:
            return "unequal", str(e), comparison.notes
        except names["Failure"] as e:
            return "error", str(e), comparison.notes
        except Exception as e:
            if os.environ.get("CASE_TRACE"):
                traceback.print_exc()
            return "error", f"{type(e).__name__}: {e}", comparison.notes
    return said[-1]["verdict"], said[-1]["message"], said[-1]["notes"]


def main(folders):
    names = comparison_module()
    for folder in folders:
        modules = set(sys.modules)
        with contextlib.redirect_stdout(sys.stderr):
            verdict, message, notes = compare(names, folder)
        for name in set(sys.modules) - modules:  # the case's own module
            if name in ("source", "port", pathlib.Path(folder).name):
                del sys.modules[name]
        if "keras" in sys.modules:
            sys.modules["keras"].backend.clear_session()
        print(json.dumps({"folder": folder, "verdict": verdict, "message": message, "notes": notes}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
