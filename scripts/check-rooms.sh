#!/bin/sh
# check-rooms.sh [--tap]: the boundaries between the rooms, as greps. A rule that is broken prints the lines
# that break it.
set -u
number=0 failed=0
tap=${1:-}

# rule WORDS FOUND: a rule in words, and the lines that break it (none, when it holds).
rule() {
    number=$((number + 1))
    if [ -z "$2" ]; then
        [ "$tap" != --tap ] || echo "ok $number - $1"
        return
    fi
    failed=$((failed + 1))
    echo "not ok $number - $1"
    echo "$2" | sed 's/^/#   /' | head -8
}
sources() { find "$@" -name '*.[ch]' -o -name '*.def' 2>/dev/null; }
lines() { pattern=$1; shift; sources "$@" | xargs -r grep -nE "$pattern" /dev/null; }
text() { git ls-files 2>/dev/null | grep -v '^scripts/check-rooms.sh$' | xargs -r grep -InE "$1" /dev/null; }

rule 'only tui/ includes curses' "$(lines '# *include.*curses' engine cli)"
rule 'only engine/python/ includes tree-sitter' \
    "$(lines '# *include.*tree_sitter' engine cli tui | grep -v '^engine/python/')"
rule 'engine/ includes neither tui/ nor cli/' "$(lines '# *include +"(\.\./)*(tui|cli)/' engine)"
rule 'the engine neither prints to the terminal nor exits' \
    "$(lines '(^|[^a-z_])(printf|puts|putchar|exit) *\(|fprintf *\( *(stderr|stdout)' engine |
        grep -vE '^engine/base/arena.c|:[[:space:]]*(\*|//)|/\*')"
rule 'base/ knows nothing of networks' "$(lines '# *include +"(pivot|trace|port|dialect|python|render)/' engine/base)"
rule 'pivot/ knows neither Python nor frameworks' \
    "$(lines '# *include +"(trace|port|python|render)/' engine/pivot)"
rule 'dialect/ knows nothing of traces' "$(lines '# *include +"(trace|port|render)/' engine/dialect)"
rule 'render/ knows nothing of networks' "$(lines '# *include +"(trace|port|python|dialect)/' engine/render)"
rule 'tui/ sees the engine through portolan.h' \
    "$(lines '# *include +"(pivot|trace|port|python|dialect|render|verify)/' tui)"
rule 'the rows that CONTRIBUTING.md shows stand in the tree' \
    "$(grep -hE '^ *[{]"(kind|[A-Z])|^KIND' CONTRIBUTING.md | grep -v flax | while read -r row; do
        cat templates/*/dialect.json engine/pivot/kinds.def engine/pivot/shape.c | grep -qF "${row%,}" || echo "$row"; done)"
rule 'nothing is left to do in a comment' "$(lines '\b(TODO|FIXME|XXX)\b' engine cli tui tests)"
rule 'files have at most 800 lines' \
    "$(sources engine cli tui | xargs -r wc -l | awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines" }')"
rule 'no paths of a machine in the text' "$(text '(^|[^A-Za-z.])/(work|home|root)/[a-z]')"
# The formatter sees to this one; it is not worth a failing test run.
[ "$tap" = --tap ] || rule 'lines have at most 100 columns' \
    "$(sources engine cli tui | xargs -r awk 'FNR == 1 { odd = 0 } { line = $0; gsub(/[\200-\277]/, "", line);
        if (length(line) > 100) print FILENAME ":" FNR ": " length(line) " columns" }')"

[ "$failed" = 0 ]
