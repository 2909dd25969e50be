#!/bin/sh
# Lines of at most 100 columns, no tabs, no blanks at line ends, one newline at the end of a file,
# the comment at its head, #pragma once.
set -eu
. "$(dirname "$0")/lint.sh"

check() {
    (
        cd "$1"
        tab=$(printf '\t')
        files_of . .c .h | tr '\n' '\0' >"$samples/c"
        [ -s "$samples/c" ] || exit 0
        xargs -0 grep -n -H -E '^.{101,}$' <"$samples/c" |
            sed -E 's/^([^:]*:[0-9]*):.*/\1: longer than 100 columns/' || true
        xargs -0 grep -n -H "$tab" <"$samples/c" |
            sed -E 's/^([^:]*:[0-9]*):.*/\1: a tab/' || true
        xargs -0 grep -n -H -E '[[:blank:]]$' <"$samples/c" |
            sed -E 's/^([^:]*:[0-9]*):.*/\1: blanks at the end of the line/' || true
        xargs -0 -n 1 sh -c '
            [ -z "$(tail -c 1 "$1")" ] || echo "$1:1: no newline at the end of the file"
            case $(head -c 2 "$1") in
            "/*") ;;
            *) echo "$1:1: does not begin with a comment that says what it is responsible for" ;;
            esac
            case $1 in
            *.h) grep -q "^#pragma once" "$1" || echo "$1:1: no #pragma once" ;;
            esac
        ' sh <"$samples/c"
    )
}

printf '/* x */\nint %0100d;\n' 0 | must_reject src/x.c '100 columns'
printf '/* x */\n\tint x;\n' | must_reject src/x.c 'a tab'
printf '/* x */\nint x; \n' | must_reject src/x.c 'blanks'
printf '/* x */\nint x;' | must_reject src/x.c 'no newline'
printf 'int x;\n' | must_reject src/x.c 'begin with a comment'
printf '/* x */\nint x;\n' | must_reject src/x.h 'pragma'
printf '/* %s */\n' "$(printf '%094d' 0 | sed 's/0/…/g')" | must_accept src/x.c
judge
