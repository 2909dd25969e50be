#!/bin/sh
# A check that cannot fail proves nothing: every expectation of a scenario is turned into its
# opposite, one at a time, and each of these scenarios must end with status 1 (or 77: it needs
# something that is not supported yet).
# Arguments: the ktrial program, a directory for the negations, the folder of scenarios.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 3 "$@"

ktrial=$1
work=$2
scenarios=$3
here=$(cd "$(dirname "$0")" && pwd -P)

rm -rf "$work"
mkdir -p "$work"
passed=0
failed=0
skipped=0
find "$scenarios" -name '*.scn' | sort >"$work/list"
while read -r scenario; do
    name=$(basename "$scenario" .scn)
    # A negation lies elsewhere: what the scenario finds from where it lies is named in full.
    folder=$(cd "$(dirname "$scenario")" && pwd -P)
    "$ktrial" fmt - <"$scenario" | sed "s|\( git \)\"\.\"|\1\"$folder\"|" \
        >"$work/$name.canonical"
    [ -s "$work/$name.canonical" ] || {
        echo "$scenario: ktrial fmt failed"
        failed=$((failed + 1))
        continue
    }
    awk -v out="$work/$name" -f "$here/negate.awk" "$work/$name.canonical" || {
        echo "$scenario: cannot be negated"
        failed=$((failed + 1))
        continue
    }
done <"$work/list"
[ "$failed" = 0 ] || exit 1
# Four at a time: each waits more than it computes.
find "$work" -name '*-[0-9][0-9][0-9].scn' | sort >"$work/negations"
xargs -n 1 -P 4 sh -c '
    status=0
    "$0" run "$1" >"$1.out" 2>&1 </dev/null || status=$?
    echo "$status" >"$1.status"' "$ktrial" <"$work/negations"
while read -r negation; do
    status=$(cat "$negation.status")
    if [ "$status" = 1 ]; then
        passed=$((passed + 1))
    elif [ "$status" = 77 ]; then
        skipped=$((skipped + 1))
    else
        failed=$((failed + 1))
        echo "$negation ended with status $status, expected 1"
        head -1 "$negation"
        cat "$negation.out"
    fi
done <"$work/negations"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
