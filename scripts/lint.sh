#!/bin/sh
# lint.sh FLAGS FILE...: clang-tidy with the checks of .clang-tidy.
set -eu
command -v clang-tidy >/dev/null 2>&1 || { echo "lint: clang-tidy is not installed" >&2; exit 1; }
flags=$1
shift
# shellcheck disable=SC2086
printf '%s\n' "$@" | xargs -P "$(nproc 2>/dev/null || echo 2)" -n 4 sh -c '
    flags=$1; shift
    exec clang-tidy --quiet "$@" -- $flags 2>/dev/null' lint "$flags"
