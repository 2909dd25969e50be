#!/bin/sh
# ktrial and the journal program under Valgrind. Arguments: Valgrind's options, --, the ktrial
# program, the folder of scenarios, further options of ktrial run. A scenario that loads "the
# repository it lies in" would take all of ours, so they are copied into a small one that is made here.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 4 "$@"

options=
while [ "$1" != -- ]; do
    options="$options $1"
    shift
done
shift
ktrial=$1
shift
source=$1
shift

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A repository with what matters to identities: a merge, a tag, modes, a link, an empty file.
make_repository() {
    export GIT_AUTHOR_NAME="Valgrind Author" GIT_AUTHOR_EMAIL="valgrind.author@example.org"
    export GIT_COMMITTER_NAME="Valgrind Committer" GIT_COMMITTER_EMAIL="committer@example.org"
    export GIT_AUTHOR_DATE="1700000000 +0100" GIT_COMMITTER_DATE="1700000100 -0330"
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    git init -q -b main .
    mkdir folder
    echo one >folder/file
    : >empty
    printf '#!/bin/sh\n' >program
    chmod +x program
    ln -s folder/file link
    git add empty folder link program
    git commit -q -m "the first"
    git checkout -q -b side
    echo two >folder/file
    git commit -q -a -m "on the side"
    git checkout -q main
    echo three >other
    git add other
    git commit -q -m "on main"
    git merge -q --no-ff -m "both" side
    git tag -a -m "a release" v1
}

(cd "$work" && make_repository)
cp -R "$source" "$work/scenarios"
export VALGRIND_OPTS="$options"
# shellcheck disable=SC2086 # a list of options
status=0
valgrind $options "$ktrial" run --valgrind "$@" "$work/scenarios" </dev/null || status=$?
[ "$status" = 0 ] || echo "status $status (97: Valgrind found an error in ktrial)"
exit "$status"
