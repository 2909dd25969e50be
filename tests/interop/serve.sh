# `ktrial serve` under a script: started, asked on its control channel, ended; claims are counted.
# Sourced by the scripts of kcat, whose first argument is the ktrial program. Nothing sleeps.
# shellcheck shell=bash

. "$(dirname "$0")/../help.sh"

# Takes the script's arguments.
interop_begin() {
    help_or_need 1 "$@"
    ktrial=$1
    work=$(mktemp -d) || exit 99
    export TMPDIR=$work/tmp
    mkdir "$TMPDIR"
    passed=0
    failed=0
    serve=
    trap interop_clean_up EXIT
    trap 'exit 130' INT TERM HUP
}

interop_clean_up() {
    [ -n "$serve" ] && kill -KILL "$serve" 2>/dev/null
    rm -rf "$work"
}

# The last claim, and the sum; the script's exit status.
interop_end() {
    claim "no file is left over" "$(find "$TMPDIR" -mindepth 1)" ""
    echo "$passed passed, $failed failed, 0 skipped"
    [ "$failed" = 0 ]
}

# claim SENTENCE ACTUAL EXPECTED (a pattern of the shell)
claim() {
    # shellcheck disable=SC2053 # a pattern
    if [[ $2 == $3 ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n    was:      %s\n    expected: %s\n' "$1" "$2" "$3"
    fi
}

# Reads one line into reply; the watchdog of a test that would hang.
answer() {
    reply="no answer within 20 seconds"
    IFS= read -t 20 -r reply <&4
}

# begin NAME PATTERN [ARGUMENT…]: starts ktrial serve with the arguments; descriptor 3 is its input,
# 4 its output; PATTERN is of the ready line, which is in ready, its address in brokers.
begin() {
    name=$1
    local pattern=$2
    shift 2
    rm -f "$work/in" "$work/out"
    mkfifo "$work/in" "$work/out"
    "$ktrial" serve "$@" <"$work/in" >"$work/out" 2>"$work/$name.err" &
    serve=$!
    exec 3>"$work/in" 4<"$work/out"
    answer
    claim "$name: the first line says that it is ready" "$reply" "$pattern"
    # shellcheck disable=SC2034 # for the scripts
    ready=$reply
    brokers=${reply#*\"bootstrap.servers\":\"}
    # shellcheck disable=SC2034
    brokers=${brokers%%\"*}
}

# ask LINE… PATTERN: one order, which may be several lines long, and what its answer must be.
ask() {
    printf '%s\n' "${@:1:$#-1}" >&3
    answer
    claim "$1" "$reply" "${*: -1}"
}

# finish STATUS PATTERN: the end of its input, its exit status, and its last line, which is in last.
finish() {
    local line
    last=
    exec 3>&-
    while IFS= read -t 20 -r line <&4; do
        last=$line
    done
    wait "$serve"
    claim "$name: the exit status" "$?" "$1"
    serve=
    exec 4<&-
    claim "$name: the last line is the judgement" "$last" "$2"
}

# What ask expects most.
# shellcheck disable=SC2034
yes='{"ok":true}'
# shellcheck disable=SC2034
holds='{"ok":true,"verdict":"pass"}'
