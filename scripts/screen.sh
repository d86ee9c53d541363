#!/bin/sh
# screen.sh: writes a screen of the running workbench into README.md, between its two marks.
set -eu
dump=build/readme-screen.txt
NO_COLOR=1 build/portolan samples/alexnet.py --to tensorflow --keys "${1:-/nn.Linear<Enter>}" --size 120x40 --dump "$dump"
# The text plane ends where the attribute planes begin.
awk '/^---$/ { exit } { sub(/[ \t]+$/, ""); print }' "$dump" > build/readme-text.txt
awk '
    /<!-- screen -->/ {
        print; print "```text"
        while ((getline line < "build/readme-text.txt") > 0) print line
        print "```"; skip = 1; next
    }
    /<!-- \/screen -->/ { skip = 0 }
    !skip { print }' README.md > build/README.new
cp build/README.new README.md
