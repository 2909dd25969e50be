#!/bin/sh
# Load: scenarios run often and several at a time give the same verdicts every time and leave no
# process and no file behind. Arguments: the ktrial program, a directory for logs, "idle" or "busy"
# (all cores kept busy by something else), then what ktrial run is to be given.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 4 "$@"

ktrial=$1
work=$2
load=$3
shift 3

rm -rf "$work"
mkdir -p "$work/tmp"
busy=
# shellcheck disable=SC2086 # a list of process numbers
trap 'if [ -n "$busy" ]; then kill $busy; fi' EXIT
trap 'exit 130' INT TERM HUP

# A mark in the environment of all that is started below.
mark="soak-$$-$(date +%s)"

if [ "$load" = busy ]; then
    cores=$(nproc)
    while [ "$cores" -gt 0 ]; do
        sh -c 'while :; do :; done' &
        busy="$busy $!"
        cores=$((cores - 1))
    done
fi

status=0
KTRIAL_SOAK_MARK=$mark TMPDIR=$work/tmp "$ktrial" run "$@" >"$work/out" 2>&1 </dev/null || status=$?
cat "$work/out"
[ "$status" = 0 ] || echo "ktrial run ended with status $status"

failed=$([ "$status" = 0 ] || echo 1)
for environment in /proc/[0-9]*/environ; do
    if tr '\0' '\n' <"$environment" 2>/dev/null | grep -q -x "KTRIAL_SOAK_MARK=$mark"; then
        process=${environment%/environ}
        # It may have ended meanwhile.
        [ -d "$process" ] || continue
        echo "left over: process ${process#/proc/}: $(tr '\0' ' ' <"$process/cmdline")"
        failed=1
    fi
done
find "$work/tmp" -mindepth 1 | sed 's/^/left over: file /' >"$work/files"
if [ -s "$work/files" ]; then
    cat "$work/files"
    failed=1
fi
[ -z "$failed" ]
