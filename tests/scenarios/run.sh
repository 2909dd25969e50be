#!/bin/sh
# Runs scenarios and ends with how many instances passed. Arguments: the ktrial program, what
# ktrial run is to be given. An instance that is run several times counts that often.
set -eu

ktrial=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

status=0
"$ktrial" run --json "$work/report.json" "$@" </dev/null || status=$?
if [ "$status" != 0 ]; then
    echo "ktrial run ended with status $status"
fi
exit "$status"
