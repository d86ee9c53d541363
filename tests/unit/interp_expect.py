"""Runs the cases of interp_cases.py with CPython and writes what each gives to interp_cases.expected.

A case sets `result`; its repr is what counts. A case that raises gives "raises Type: message".
Run: python3 tests/unit/interp_expect.py
"""
import contextlib
import io
import pathlib
import re

here = pathlib.Path(__file__).parent


def cases():
    text = (here / "interp_cases.py").read_text()
    parts = re.split(r"^# case (.*)\n", text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def outcome(source):
    names = {"__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "<case>", "exec"), names)
    except BaseException as e:
        text = str(e)
        return f"raises {type(e).__name__}: {text}" if text else f"raises {type(e).__name__}"
    return repr(names["result"])


def main():
    seen = set()
    with open(here / "interp_cases.expected", "w") as out:
        for name, source in cases():
            assert name not in seen, name
            seen.add(name)
            value = outcome(source)
            assert "\n" not in value, (name, value)
            out.write(f"{name}\t{value}\n")


main()
