#!/bin/sh
# npm-fetch.sh NAME FOLDER: fetches the pinned package NAME with npm and unpacks it as FOLDER/package, after
# its bytes were compared with the integrity hash in npm-pins. No script of the package is run.
set -eu
name=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
pin=$(grep "^$name " "$here/npm-pins") || { echo "npm-fetch: no pin for $name" >&2; exit 1; }
version=$(echo "$pin" | cut -d' ' -f2)
integrity=$(echo "$pin" | cut -d' ' -f3)

command -v npm >/dev/null 2>&1 || {
    echo "npm-fetch: $name $version is fetched with npm, which is not installed (make setup installs it)." >&2
    [ "$name" != tree-sitter-python ] || echo "  Or name an unpacked grammar: make TREE_SITTER_PYTHON=DIR" >&2
    exit 1
}
mkdir -p "$folder"
work=$(mktemp -d "$folder/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
npm pack "$name@$version" --pack-destination "$work" --silent >/dev/null 2>"$work/npm.log" || {
    cat "$work/npm.log" >&2
    echo "npm-fetch: $name $version could not be fetched (no network?)." >&2
    [ "$name" != tree-sitter-python ] || echo "  Offline, name an unpacked grammar: make TREE_SITTER_PYTHON=DIR" >&2
    exit 1
}
file=$(ls "$work"/*.tgz)
found=$(node -e 'const c = require("crypto"), f = require("fs");
console.log("sha512-" + c.createHash("sha512").update(f.readFileSync(process.argv[1])).digest("base64"))' "$file")
if [ "$found" != "$integrity" ]; then
    echo "npm-fetch: $name $version is not what was pinned." >&2
    echo "  expected $integrity" >&2
    echo "  found    $found" >&2
    exit 1
fi
tar -xzf "$file" -C "$work"
rm -rf "$folder/package"
mv "$work/package" "$folder/package"
find "$folder/package" -exec touch {} +
