# What the lints share. Sourced; a lint defines check DIR, which prints one line for each finding,
# "path:line: what is wrong", and reports nothing else; then it calls must_reject for every rule and
# finally judge.

. "$(dirname "$0")/../help.sh"
help_or_need 0 "$@"
here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
samples=$(mktemp -d)
trap 'rm -rf "$samples"' EXIT
# Characters, not bytes, are counted, and sorting does not depend on the machine.
export LC_ALL=C.UTF-8

# Prints the files below $1 whose name ends in one of the other arguments (".c"), paths relative to
# $1; without endings, all files. Not what git and the build keep there.
files_of() {
    (
        cd "$1" || exit 1
        shift
        find . \( -name .git -o -name 'build*' -type d \) -prune -o -type f -print |
            sed 's|^\./||' | sort |
            awk -v ends="$*" '
                BEGIN { count = split(ends, end, " ") }
                count == 0 { print; next }
                {
                    for (i = 1; i <= count; i++) {
                        at = length($0) - length(end[i])
                        if (at >= 0 && substr($0, at + 1) == end[i]) { print; next }
                    }
                }'
    )
}

# The C file $1 with comments and the insides of strings blanked; lines stay where they are.
code_of() {
    awk -f "$here/code.awk" "$1"
}

# must_reject PATH WORDS: a tree that holds only a file PATH with the text on standard input has to
# give a finding that contains WORDS. Otherwise the lint checks nothing, and that is its failure.
must_reject() {
    rm -rf "$samples/tree"
    mkdir -p "$samples/tree/$(dirname "$1")"
    cat >"$samples/tree/$1"
    if ! check "$samples/tree" | grep -F -q -- "$2"; then
        echo "this lint is broken: it does not reject this sample as \"$2\" ($1):"
        sed 's/^/    /' "$samples/tree/$1"
        exit 1
    fi
}

# must_accept PATH: the opposite, for what is close to a finding but is none.
must_accept() {
    rm -rf "$samples/tree"
    mkdir -p "$samples/tree/$(dirname "$1")"
    cat >"$samples/tree/$1"
    if check "$samples/tree" | grep -q .; then
        echo "this lint is broken: it rejects this sample ($1):"
        sed 's/^/    /' "$samples/tree/$1"
        check "$samples/tree"
        exit 1
    fi
}

# Checks the real tree and exits.
judge() {
    check "$root" >"$samples/findings"
    if [ -s "$samples/findings" ]; then
        cat "$samples/findings"
        echo "$(wc -l <"$samples/findings") findings"
        exit 1
    fi
    exit 0
}
