#!/bin/sh
# Runs a command with KTRIAL_ORACLE set: to what the environment says, or to a node of kafka.sh.
# Arguments: the command. Exit status 77: neither is to be had.
. "$(dirname "$0")/../help.sh"
help_or_need 1 "$@"
if [ -n "${KTRIAL_ORACLE:-}" ]; then
    exec "$@"
fi
exec "$(dirname "$0")/kafka.sh" run sasl=yes -- "$@"
