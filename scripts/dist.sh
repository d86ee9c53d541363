#!/bin/sh
# dist.sh VERSION [GRAMMAR]: build/portolan-VERSION.tar.gz, what git knows and the grammar beside it, so that
# it builds without npm. The grammar's licence goes with it.
set -eu
version=$1 grammar=${2:-}
name=portolan-$version
place=build/dist/$name
rm -rf build/dist && mkdir -p "$place"
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$place"
else
    tar --exclude=./build --exclude=./grammar -cf - . | tar -xf - -C "$place"
fi
if [ -n "$grammar" ]; then
    mkdir -p "$place/grammar/src"
    cp "$grammar/src/parser.c" "$grammar/src/scanner.c" "$place/grammar/src/"
    cp -R "$grammar/src/tree_sitter" "$place/grammar/src/"
    cp "$grammar/LICENSE" "$place/grammar/LICENSE"
fi
tar -czf "build/$name.tar.gz" -C build/dist "$name"
rm -rf build/dist
echo "build/$name.tar.gz"
