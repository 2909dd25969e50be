#!/bin/sh
# The top level holds what the architecture says and nothing else, and each folder has its page.
set -eu
. "$(dirname "$0")/lint.sh"

expected="CMakeLists.txt README.md fixtures harness mock scenarios src tests"

check() {
    # Dotfiles and build directories are not looked at.
    for entry in "$1"/*; do
        name=${entry##*/}
        case $name in
        build | build-*) continue ;;
        esac
        case " $expected " in
        *" $name "*) ;;
        *) echo "$name:1: does not belong at the top level" ;;
        esac
    done
    [ "$1" = "$root" ] || [ -f "$1/whole" ] || return 0
    for name in $expected; do
        [ -e "$1/$name" ] || echo "$name:1: is missing at the top level"
    done
    files_of "$1" .c .h | sed -n 's|/[^/]*$||p' | grep -v '^tests/' | sort -u |
        while read -r folder; do
            [ -f "$1/$folder/README.md" ] || echo "$folder:1: has no README.md"
        done
}

echo x | must_reject notes.txt 'does not belong'
echo x | must_reject tools/x.sh 'does not belong'
echo x | must_reject whole 'README.md:1: is missing'
rm -rf "$samples/tree"
mkdir -p "$samples/tree/mock"
touch "$samples/tree/whole" "$samples/tree/mock/x.c"
check "$samples/tree" | grep -q 'mock:1: has no README.md' || {
    echo "this lint is broken: it accepts a folder without a page"
    exit 1
}
echo x | must_accept src/x.c
judge
