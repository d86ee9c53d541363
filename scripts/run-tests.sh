#!/bin/sh
# run-tests.sh all|check|unit [FLAVOUR]: runs the suites and adds up what they say.
#
#   unit    the C programs of one flavour: tests/unit and tests/tui
#   check   those of release, the goldens, the command line, the rooms' boundaries
#   all     those, the C programs under the sanitizers, and the real frameworks
#
# Every suite speaks TAP ("ok 1 - name", "not ok 2 - name") or is translated to it; its output is kept in
# build/test-logs. A program that ends badly without a "not ok" counts as one failure. The last line is
# "N passed, N failed"; the exit status is 1 when anything failed, or when nothing ran.
set -u
what=${1:-check} flavour=${2:-release}
logs=build/test-logs
passed=0 failed=0 skipped=0
rm -rf "$logs" && mkdir -p "$logs"

# Leak detection needs no help; a sanitizer's finding must end the program.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LC_ALL=C.UTF-8

# suite NAME COMMAND...: one program that speaks TAP on stdout.
suite() {
    name=$1
    shift
    log=$logs/$(echo "$name" | tr '/ ' '--').tap
    "$@" > "$log" 2> "$log.err"
    status=$?
    good=$(grep -c '^ok ' "$log")
    bad=$(grep -c '^not ok ' "$log")
    skip=$(grep -ci '^ok .*# skip' "$log")
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$good" = 0 ]; }; then
        bad=1
        echo "not ok - $name ended with status $status" >> "$log"
    fi
    passed=$((passed + good - skip)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ "$bad" = 0 ]; then
        printf '  %-44s %4d passed%s\n' "$name" "$((good - skip))" "$([ "$skip" = 0 ] || echo ", $skip skipped")"
    else
        printf '  %-44s %4d passed, %d FAILED\n' "$name" "$((good - skip))" "$bad"
        grep -A12 '^not ok ' "$log" | sed 's/^/      /' | head -60
        head -c 4000 "$log.err" | sed 's/^/      /'
    fi
}

# The C programs of a flavour, with the time limit that a hang ends in.
programs() {
    place=build
    [ "$1" = release ] || place=build/$1
    for source in tests/unit/test_*.c tests/tui/test_*.c; do
        [ -f "$source" ] || continue
        program=${source#tests/}
        program=$place/tests/${program%.c}
        CMOCKA_MESSAGE_OUTPUT=TAP PORTOLAN=$place/portolan \
            suite "$1 ${source#tests/}" timeout 600 "$program"
    done
}

fast() {
    programs release
    suite 'rooms' scripts/check-rooms.sh --tap
    suite 'port (golden files)' tests/port/run.sh
    suite 'command line' tests/cli/run.sh
}

# pytest's counts, from its XML.
frameworks() {
    xml=$logs/equivalence.xml
    suite 'equivalence (real frameworks)' sh -c "
        build/venv/bin/python -m pytest -q -p no:cacheprovider --junitxml=$xml tests/equivalence >&2
        status=\$?
        build/venv/bin/python scripts/junit-to-tap.py $xml
        exit \$status"
}

case $what in
unit) programs "$flavour" ;;
check) fast ;;
all)
    fast
    programs san
    frameworks
    ;;
*)
    echo "run-tests: all, check or unit?" >&2
    exit 2
    ;;
esac

[ "$skipped" = 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
