#!/bin/sh
# venv.sh: the virtual environment of the tests in build/venv, as tests/requirements.txt has it, with the packages of
# tests/coverage/requirements.txt where they can be had. A stamp holds the hash of these files: while it fits, nothing
# is installed and no network is used. An index, find-links or
# constraints from outside are given in pip's own way (PIP_INDEX_URL, PIP_CONSTRAINT, pip.conf).
set -eu
list=tests/requirements.txt corpora=tests/coverage/requirements.txt venv=build/venv stamp=build/venv/requirements.sha256
hash=$(cat "$list" "$corpora" | sha256sum | cut -d' ' -f1)
[ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && exit 0

# An environment that somebody filled already is taken as it is where every pin is met.
met() {
    [ -x "$venv/bin/python" ] && "$venv/bin/python" - "$1" <<'PY'
import re, sys
from importlib.metadata import PackageNotFoundError, version
for line in open(sys.argv[1]):
    pin = re.match(r"([\w.-]+)==(\S+)", line)
    try:
        if pin and version(pin[1]).split("+")[0] != pin[2]:
            sys.exit(1)
    except PackageNotFoundError:
        sys.exit(1)
PY
}
if ! met "$list"; then
    python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
        echo "venv: the frameworks of the tests need Python 3.10 or later, and $python is $("$python" -V 2>&1)." >&2
        exit 1
    }
    echo "Setting up build/venv (PyTorch and TensorFlow, once; this takes some minutes)."
    [ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
    # One file for each block of the list.
    rm -rf build/requirements && mkdir -p build/requirements
    awk -v RS= '/(^|\n)[A-Za-z]/ { print > sprintf("build/requirements/%02d.txt", NR) }' "$list"
    for block in build/requirements/*.txt; do
        flags=$(grep -q 'no-deps$' "$block" && head -1 "$block" | grep -q '^# no-deps' && echo --no-deps || true)
        # shellcheck disable=SC2086
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check $flags -r "$block" || {
            echo "venv: pip could not install $(grep -v '^#' "$block" | tr '\n' ' ')" >&2
            echo "  Another index or constraints: PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS, PIP_CONSTRAINT." >&2
            exit 1
        }
    done
fi
if ! met "$corpora"; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$corpora" ||
        echo "venv: without $(grep -v '^#' "$corpora" | tr '\n' ' '): the networks of these packages are left out" >&2
fi
echo "$hash" > "$stamp"
