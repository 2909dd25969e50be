#!/bin/sh
# The shipped scenarios are in canonical form. Arguments: the ktrial program, the scenarios.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 2 "$@"
difference=$("$1" fmt --diff "$2" </dev/null)
[ -z "$difference" ] && exit 0
printf '%s\n' "$difference"
exit 1
