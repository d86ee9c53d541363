#!/bin/sh
# run.sh [NAME...]: golden tests of `portolan port`. Speaks TAP. UPDATE=1 writes what is expected anew.
#
# A case is tests/port/cases/NAME.args: the arguments of `portolan port`, as a shell would read them; lines that
# start with # are comments. Its source is NAME.py where that stands beside it, else the first argument.
# What must come out stands beside it:
#
#   NAME.expected.py   the port
#   NAME.stderr        the diagnostics, and "status N" as the last line
#   NAME.report        the report
#
# Where there is a NAME.back.args, the port is ported back with those arguments, to NAME.back.expected.py.
# At the end every port that came out is compiled by Python, where there is one.
set -u
portolan=${PORTOLAN:-build/portolan}
cases=tests/port/cases
out=build/port-tests
number=0 failed=0
rm -rf "$out" && mkdir -p "$out"

result() { # result STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        failed=$((failed + 1))
        echo "not ok $number - $2"
    fi
}

# same FOUND EXPECTED NAME
same() {
    if [ "${UPDATE:-}" = 1 ]; then
        cp "$1" "$2"
        return 0
    fi
    [ -f "$2" ] || { echo "# $2 is missing (UPDATE=1 writes it)"; return 1; }
    cmp -s "$1" "$2" && return 0
    diff -u "$2" "$1" | head -40 | sed 's/^/#   /'
    return 1
}

# port SOURCE ARGS-FILE TARGET STDERR REPORT: one run; where the templates came from depends on the machine.
port() {
    source=$1
    eval "set -- $(grep -v '^#' "$2" | tr '\n' ' ')" '"$3" "$4" "$5"'
    all=$#
    target=$(eval "echo \"\${$((all - 2))}\"") messages=$(eval "echo \"\${$((all - 1))}\"")
    report=$(eval "echo \"\${$all}\"")
    [ -z "$source" ] || set -- "$source" "$@"
    count=$# i=0
    # The last three are ours, not the case's.
    for word in "$@"; do
        shift
        i=$((i + 1))
        [ "$i" -gt $((count - 3)) ] || set -- "$@" "$word"
    done
    timeout 60 "$portolan" port "$@" -o "$target" --report "$report" < /dev/null 2> "$messages"
    echo "status $?" >> "$messages"
    for file in "$messages" "$report"; do
        [ ! -f "$file" ] || sed -i -e "s|$PWD/||g" -e "s|$out/[^ :]*/||g" -e '/^[Tt]emplates:\? /d' "$file"
    done
}

for args in "$cases"/*.args; do
    [ -f "$args" ] || continue
    case $args in *.back.args) continue ;; esac
    name=$(basename "$args" .args)
    case " $* " in "  " | *" $name "*) ;; *) continue ;; esac
    place=$out/$name
    mkdir -p "$place"
    source=''
    [ ! -f "$cases/$name.py" ] || source=$cases/$name.py
    target=$place/$name.ported.py
    port "$source" "$args" "$target" "$place/stderr" "$place/report"
    status=0
    touch "$target" "$place/report"
    same "$place/stderr" "$cases/$name.stderr" || status=1
    same "$target" "$cases/$name.expected.py" || status=1
    same "$place/report" "$cases/$name.report" || status=1
    result $status "$name"
    [ -f "$cases/$name.back.args" ] || continue
    back=$place/$name.back.py
    port "$target" "$cases/$name.back.args" "$back" "$place/back.stderr" "$place/back.report"
    status=0
    touch "$back"
    same "$place/back.stderr" "$cases/$name.back.stderr" || status=1
    same "$back" "$cases/$name.back.expected.py" || status=1
    result $status "$name, and back"
done

if command -v python3 > /dev/null 2>&1; then
    python3 - "$out" << 'PY'
import pathlib, sys
bad = 0
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    try:
        compile(path.read_text(), str(path), "exec")
    except SyntaxError as error:
        bad = 1
        print(f"#   {path}: {error}")
sys.exit(bad)
PY
    result $? 'every port is Python'
fi
[ "$failed" = 0 ] && [ "$number" != 0 ]
