#!/bin/sh
# Runs scenarios and ends with how many instances passed. Arguments: the ktrial program, what
# ktrial run is to be given. An instance that is run several times counts that often.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 2 "$@"

ktrial=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

status=0
"$ktrial" run "$@" >"$work/out" 2>&1 </dev/null || status=$?
cat "$work/out"
if [ "$status" != 0 ]; then
    echo "ktrial run ended with status $status"
fi
# One line for each instance and run begins with its verdict.
awk -v status="$status" '
    /^PASS +/ { passed++ }
    /^SKIP +/ { skipped++ }
    /^(FAIL|UNKNOWN|ERROR) +/ { failed++ }
    END {
        if (status == 0 && failed || status != 0 && !failed || passed + failed == 0) {
            failed++
            print "the lines and the exit status do not agree"
        }
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0
    }' "$work/out"
