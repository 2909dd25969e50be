#!/bin/sh
# Each header compiles alone. Arguments: the directory of the generated headers (optional).
set -eu
. "$(dirname "$0")/lint.sh"

generated=${1-$root/build/fixtures/schemas}
# shellcheck disable=SC2086 # a list of options
flags=$(pkg-config --cflags libuv rdkafka libprotobuf-c libgit2 jansson sqlite3 libcrypto libssl)

# Compiles a file that includes the header twice, and nothing else.
compile_alone() {
    printf '#include "%s"\n#include "%s"\n' "$1" "$1" |
        gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror -fsyntax-only \
            -I. -Isrc -Itests -isystem "$generated" $flags -x c - 2>&1
}

check() {
    (
        cd "$1"
        files_of . .h | while read -r header; do
            out=$(compile_alone "$header") || {
                echo "$header:1: does not compile alone"
                printf '%s\n' "$out" | sed 's/^/    /'
            }
        done
    )
}

must_reject src/x.h 'does not compile alone' <<'END'
#pragma once
size_t x(void);
END
must_accept src/x.h <<'END'
#pragma once
#include <stddef.h>
size_t x(void);
END
judge
