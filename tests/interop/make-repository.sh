#!/bin/sh
# Makes a small git repository with everything that matters to identities:
# merges, signed commits and tags, a tag of a tag, a submodule, links, odd modes, odd authors,
# commits that lack what commits have, trees and tags that are none. Always the same objects.
# Argument: an empty folder.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 1 "$@"

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
export GIT_AUTHOR_NAME="Adelheid Examplewriter" GIT_AUTHOR_EMAIL=adelheid@writers.example.invalid
export GIT_COMMITTER_NAME="Blasius Committerling" GIT_COMMITTER_EMAIL=blasius@example.invalid
export GIT_AUTHOR_DATE="1700000000 +0545" GIT_COMMITTER_DATE="1700000001 -0330"

cd "$1"
git init -q -b main .
git config advice.nestedTag false

# Files, links, programs, folders whose order is easy to get wrong.
printf 'hello journal\n' >a
mkdir lib lib-x
printf 'x' >lib/x.c
: >lib-x/empty
printf '#!/bin/sh\n' >run
chmod +x run
ln -s a link
git add .
git commit -q -m "the first"
git tag light
git tag -a -m "a release" v1

git checkout -q -b side
printf '\000\377' >b
git add b
git commit -q -m "on the side"
git checkout -q main
printf 'y' >c
git add c
git commit -q -m "on main"
git merge -q --no-ff -m "both" side
# In a pack and loose at the same time; what follows is only loose.
git repack -q -a

head=$(git rev-parse HEAD)
tree=$(git rev-parse 'HEAD^{tree}')
blob=$(git rev-parse HEAD:a)
git update-index --add --cacheinfo "160000,$head,module"
git commit -q -m "a submodule"

raw() {
    git hash-object -w --literally -t "$1" --stdin
}
who="Adelheid Examplewriter <adelheid@writers.example.invalid> 1700000000 +0200"

# Signed, with an empty line within the signature, and in another encoding; a merge of a signed tag.
signed=$(printf 'tree %s\nparent %s\nauthor %s\ncommitter %s\nencoding ISO-8859-1\n%s\n \n abc=\n %s\n \n\ncaf\351\n' \
    "$tree" "$head" "$who" "$who" "gpgsig -----BEGIN PGP SIGNATURE-----" \
    "-----END PGP SIGNATURE-----" | raw commit)
git update-ref refs/heads/signed "$signed"
printf 'tree %s\nparent %s\nparent %s\nauthor %s\ncommitter %s\nmergetag object %s\n type commit\n tag v1\n tagger %s\n \n a tag\n\nmerge tag\n' \
    "$tree" "$head" "$signed" "$who" "$who" "$head" "$who" | raw commit >/dev/null

# Authors, dates and offsets that git has seen.
odd() {
    printf 'tree %s\nauthor %s\ncommitter %s\n\nodd\n' "$tree" "$1" "$2" | raw commit >/dev/null
}
odd "Adelheid <adelheid@odd.invalid> 1700000000 +051800" "Adelheid <adelheid@odd.invalid> -86399 -0330"
odd "<nameless@odd.invalid> 0 -0000" " <> 1 +0000"
odd "Adelheid <adelheid@odd.invalid> 99999999999999 +0000" "Ada <a@b> 01700000000 +0000"
odd "Examplewriter-without-address" "Ada <a@b> 1700000000"
odd "Adelheid <adelheid@odd.invalid>  1700000000 +0000" "Ada <a@b> 1700000000 "
odd "" "x>y <a@b> +1 +0000"

# No message, an empty one, no end of line, no committer, another order, no commit at all.
printf 'tree %s\nauthor %s\ncommitter %s\n' "$tree" "$who" "$who" | raw commit >/dev/null
printf 'tree %s\nauthor %s\ncommitter %s\n\n' "$tree" "$who" "$who" | raw commit >/dev/null
printf 'tree %s\nauthor %s\ncommitter %s' "$tree" "$who" "$who" | raw commit >/dev/null
printf 'tree %s\nauthor %s\n\nno committer\n' "$tree" "$who" | raw commit >/dev/null
printf 'author %s\ntree %s\ncommitter %s\n\norder\n' "$who" "$tree" "$who" | raw commit >/dev/null
printf 'tree nonsense\n folded\n\nx' | raw commit >/dev/null

# Tags of every kind of object, of a tag, signed, without tagger, with a header that releases lack.
git tag -a -m "a blob" of-blob "$blob"
git tag -a -m "a tree" of-tree "$tree"
git tag -a -m "a tag" of-tag v1
printf 'object %s\ntype commit\ntag bare\n' "$head" | raw tag >/dev/null
printf 'object %s\ntype commit\ntag extra\ntagger %s\nnote x\n\nextra\n' "$head" "$who" |
    raw tag >/dev/null
printf 'object %s\ntype commit\ntag signed\ntagger %s\n\nm\n%s\n\nx\n%s\n' "$head" "$who" \
    "-----BEGIN PGP SIGNATURE-----" "-----END PGP SIGNATURE-----" | raw tag >/dev/null
printf 'nothing' | raw tag >/dev/null

# Modes: of the group, with a leading zero; entries out of order, twice; rubbish; an empty tree.
id='\001\002\003\004\005\006\007\010\011\013\014\015\016\017\020\021\022\023\024\025'
# shellcheck disable=SC2059 # the bytes of an id are part of the format
{
    printf "100664 group\\000$id" | raw tree
    printf "040000 zero\\000$id" | raw tree
    printf "100644 b\\000${id}100644 a\\000$id" | raw tree
    printf "100644 a\\000${id}40000 a\\000$id" | raw tree
    printf 'rubbish' | raw tree
    printf '' | raw tree
} >/dev/null
git symbolic-ref refs/remotes/origin/HEAD refs/heads/main
