#!/bin/sh
# Nothing names the place where the project is written, and no file is a place to dump things.
set -eu
. "$(dirname "$0")/lint.sh"

# In two parts, so that this file does not find itself.
places='/wo''rk/|/tmp/bu''ild|/\.lib''rary|fa''rm-'

check() {
    (
        cd "$1"
        files_of . | tr '\n' '\0' | xargs -0 grep -n -H -I -E "$places" |
            sed 's/$/: names a place of one machine/' || true
        files_of . | awk -F / '$NF ~ /^(util|utils|common|misc|helpers?)\./ {
            print $0 ":1: say what the file is for"
        }'
    )
}

echo "see /wo""rk/main/x.c" | must_reject src/x.c 'names a place'
echo "fa""rm-1" | must_reject README.md 'names a place'
echo 'int x;' | must_reject src/util.c 'say what'
echo 'int x;' | must_reject mock/common.h 'say what'
echo '/* how the parts work/fail together */' | must_accept src/x.c
judge
