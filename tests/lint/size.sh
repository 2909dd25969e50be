#!/bin/sh
# Files of at most 800 lines, functions of at most 80. Functions are found by ctags, where present.
set -eu
. "$(dirname "$0")/lint.sh"

max_file=800
max_function=80

check() {
    tree=$1
    (
        cd "$tree"
        files_of . .c .h .sh .awk .py .scn CMakeLists.txt | while read -r path; do
            lines=$(wc -l <"$path")
            if [ "$lines" -gt $max_file ]; then
                echo "$path:1: $lines lines, at most $max_file"
            fi
        done
        if command -v ctags >/dev/null 2>&1; then
            files_of . .c .h |
                ctags --language-force=C --kinds-C=f --fields=+ne -f - -L - 2>/dev/null |
                awk -F '\t' -v max=$max_function '{
                    line = end = 0
                    for (i = 4; i <= NF; i++) {
                        if ($i ~ /^line:/) { line = substr($i, 6) }
                        if ($i ~ /^end:/) { end = substr($i, 5) }
                    }
                    if (end - line + 1 > max) {
                        printf "%s:%d: %s has %d lines, at most %d\n", $2, line, $1,
                               end - line + 1, max
                    }
                }'
        fi
    )
}

awk 'BEGIN { for (i = 0; i < 801; i++) { print "int x" i ";" } }' | must_reject src/x.c '801 lines'
if command -v ctags >/dev/null 2>&1; then
    awk 'BEGIN { print "int f(void) {"; for (i = 0; i < 78; i++) { print "    g();" }
         print "    return 0;"; print "}" }' | must_reject src/x.c 'f has 81 lines'
else
    echo "no ctags: the length of functions is not checked"
fi
awk 'BEGIN { print "int f(void) {"; for (i = 0; i < 77; i++) { print "    g();" }
     print "    return 0;"; print "}" }' | must_accept src/x.c
judge
