#!/bin/sh
# fuzz.sh: builds each tests/fuzz/fuzz_*.c with clang's libFuzzer and runs it for FUZZ_SECONDS (30).
set -eu
command -v clang >/dev/null 2>&1 || { echo "fuzz: clang is not installed" >&2; exit 1; }
seconds=${FUZZ_SECONDS:-30}
flags="-std=c17 -D_POSIX_C_SOURCE=200809L -O1 -g -fsanitize=fuzzer-no-link,address,undefined"
grammar=build/grammar/package
[ -f grammar/src/parser.c ] && grammar=grammar
[ -z "${TREE_SITTER_PYTHON:-}" ] || grammar=${TREE_SITTER_PYTHON%/src}
mkdir -p build/fuzz build/obj/fuzz
make --no-print-directory -j"$(nproc 2>/dev/null || echo 2)" CC=clang FLAVOUR=fuzz \
    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined' build/fuzz/libengine.a
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    # shellcheck disable=SC2046,SC2086
    clang $flags -fsanitize=fuzzer -Iengine -I. $(pkg-config --cflags tree-sitter libcjson) -o "build/fuzz/$name" \
        "$source" build/fuzz/libengine.a $(pkg-config --libs tree-sitter libcjson) -lm
    mkdir -p "build/fuzz/corpus-$name"
    seeds=''
    for folder in "tests/fuzz/seeds/$name" samples; do
        [ ! -d "$folder" ] || seeds="$seeds $folder"
    done
    echo "$name for $seconds seconds"
    # shellcheck disable=SC2086
    "build/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus-$name" $seeds 2> "build/fuzz/$name.log" || {
        tail -40 "build/fuzz/$name.log" >&2
        exit 1
    }
    grep -E 'stat::(number_of_executed_units|average)' "build/fuzz/$name.log" || true
done
