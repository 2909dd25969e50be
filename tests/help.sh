# The comment at the head of a script is its help. Sourced; then
#   help_or_need N "$@"
# prints it for -h and --help, and when there are fewer than N arguments ends with 64 and says so.
# shellcheck shell=sh

help_text() {
    sed -n '2,/^[^#]/ { /^#/ { s/^# \{0,1\}//; p; }; }' "$0"
}

help_or_need() {
    help_least=$1
    shift
    case ${1-} in
    -h | --help)
        help_text
        exit 0
        ;;
    esac
    if [ $# -lt "$help_least" ]; then
        echo "$(basename "$0"): $# arguments given, at least $help_least needed" >&2
        help_text >&2
        exit 64
    fi
}
