#!/bin/sh
# linecov.sh FOLDER: line coverage of the engine, the command line and the workbench, by room, from the .gcda
# files that a run of the coverage flavour left in FOLDER.
set -eu
find "$1" -name '*.gcda' | while read -r data; do
    gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null
done | awk '
    /^File / { file = $2; gsub(/\x27/, "", file) }
    /^Lines executed:/ && file ~ /^(engine|cli|tui)\/.*\.c$/ {
        split($0, part, /[:% ]+/); share = part[3]; count = part[5]
        room = file; sub(/\/[^\/]*$/, "", room)
        lines[room] += count; covered[room] += count * share / 100; file = ""
    }
    END {
        for (room in lines) {
            printf "  %-18s %6d lines  %5.1f%%\n", room, lines[room], 100 * covered[room] / lines[room] | "sort"
            all += lines[room]; done += covered[room]
        }
        close("sort")
        if (all) printf "  %-18s %6d lines  %5.1f%%\n", "all", all, 100 * done / all
    }'
