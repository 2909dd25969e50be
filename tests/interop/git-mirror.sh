#!/bin/sh
# A git repository goes through writer, broker and two replayers into SQLite. Then, without ktrial:
# the ids recomputed from the rows are those that git lists, no more and no fewer; and of the names and
# addresses of its people nothing is left in the public mirror or in any output.
# Arguments: the ktrial program, interop-mirror, a git repository (a small one is made if there is none).
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 2 "$@"

ktrial=$1
mirror=$2
repository=${3-}
here=$(cd "$(dirname "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
passed=0
failed=0

# claim SENTENCE COMMAND…: the command must succeed.
claim() {
    sentence=$1
    shift
    if "$@" >"$work/claim" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $sentence"
        head -20 "$work/claim"
    fi
}

if [ -z "$repository" ]; then
    repository=$work/repository
    mkdir "$repository"
    sh "$here/make-repository.sh" "$repository"
fi
sed "s,@REPOSITORY@,$repository," "$here/git-mirror.scn.in" >"$work/git-mirror.scn"
status=0
"$ktrial" run --keep "$work/keep" "$work/git-mirror.scn" >"$work/report" 2>&1 </dev/null ||
    status=$?
cat "$work/report"
claim "every verdict is as expected" [ "$status" = 0 ]
kept=$work/keep/git-mirror.scn

# -- ids --

git() {
    command git -c safe.directory='*' -C "$repository" "$@"
}
git cat-file --batch-all-objects --batch-check='%(objectname) %(objecttype)' |
    LC_ALL=C sort -u >"$work/theirs"
"$mirror" "$kept/whole.sqlite" | LC_ALL=C sort >"$work/rows"
sed -n 's/ verified$//p' "$work/rows" >"$work/ours"
claim "the repository has objects" [ -s "$work/theirs" ]
claim "ids recomputed from the rows are git's, both ways" diff "$work/theirs" "$work/ours"
claim "no row's id differs from its content" sh -c "! grep differs '$work/rows'"

# -- people --

# As git has them, in commits and tags; short ones would be found anywhere.
awk '$2 == "commit" || $2 == "tag" { print $1 }' "$work/theirs" |
    git cat-file --batch |
    LC_ALL=C sed -n -E 's/^(author|committer|tagger) (.*) <(.*)> .*$/\2\n\3/p' |
    LC_ALL=C awk 'length($0) >= 8' | LC_ALL=C sort -u >"$work/all-names"
# Those that the repository itself calls a branch or a tag are public in its snapshot.
git for-each-ref --format='%(refname)' | LC_ALL=C grep -a -o -F -f "$work/all-names" |
    LC_ALL=C sort -u >"$work/refs" || :
LC_ALL=C grep -a -v -x -F -f "$work/refs" "$work/all-names" >"$work/names"
echo "names that are in references too: $(tr '\n' ' ' <"$work/refs")"
claim "there are names to look for" [ -s "$work/names" ]
"$mirror" "$kept/mirror.sqlite" "$work/public" "$work/exempt" >"$work/mirrored"
"$mirror" "$kept/whole.sqlite" "$work/private" "$work/private-exempt" >/dev/null
# How many lines of file $1 hold a name.
named() {
    LC_ALL=C grep -a -c -F -f "$work/names" "$1" || :
}
echo "$(wc -l <"$work/names") names; the mirror has $(named "$work/public"), and" \
    "$(named "$work/exempt") in what the policy leaves; the private store $(named "$work/private")"
claim "no name is in the mirror outside the policy's fields" [ "$(named "$work/public")" = 0 ]
claim "the private store has them, so they were to be found" [ "$(named "$work/private")" -gt 0 ]
claim "the mirror has as many objects" \
    [ "$(wc -l <"$work/mirrored")" = "$(wc -l <"$work/theirs")" ]
for actor in w1 c1 c2; do
    claim "$actor was heard" [ -s "$kept/$actor.1.stdout" ]
done
claim "no name is in any output" sh -c \
    "! LC_ALL=C grep -a -l -F -f '$work/names' '$kept'/*.stdout '$kept'/*.stderr"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
