#!/bin/sh
# Writes a corpus for each fuzz target under a folder: bodies of golden.txt, requests of captured.txt
# (and the batches in them), the scenarios that are shipped, git objects. Argument: the folder.
set -eu
. "$(dirname "$0")/../help.sh"
help_or_need 1 "$@"
out=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
wire=$top/tests/mock/wire
for target in frame batch message scenario git; do
    mkdir -p "$out/$target"
done

# Messages: which one and which direction, the version, then the body: see fuzz_message.c.
awk -v out="$out/message" '
    FNR == NR {
        if ($1 ~ /^{MOCK_API_/) {
            name = $2; gsub(/[",]/, "", name)
            least[name] = $3 + 0
            number[name] = count++
        }
        next
    }
    !/^#/ && $5 {
        printf "%02x%02x%s %s/%s-%s-%s-%s\n", 2 * number[$1] + ($2 == "response"),
               $3 - least[$1], $5, out, $1, $2, $3, $4
    }' "$top/mock/wire/api.c" "$wire/golden.txt" |
while read -r hex file; do
    echo "$hex" | xxd -r -p >"$file"
done

# Frames of a stream that is cut after 7 bytes; the batches of the Produce requests.
grep -v '^#' "$wire/captured.txt" | while read -r api version hex; do
    length=$(printf '%08x' $((${#hex} / 2)))
    echo "06$length$hex$length$hex" | xxd -r -p >"$out/frame/$api-$version-${#hex}"
    batch=$(echo "$hex" | sed -n 's/.*\(0000000000000000........[0-9a-f]\{8\}02.*\)/\1/p')
    if [ "$api" = 0 ] && [ -n "$batch" ]; then
        echo "$batch" | xxd -r -p >"$out/batch/${#hex}"
    fi
done

find "$top/scenarios" -name '*.scn' | while read -r file; do
    cp "$file" "$out/scenario/$(echo "${file#"$top"/scenarios/}" | tr / -)"
done

# Git's own objects of this repository, behind the byte that names their kind (fuzz_git.c).
if git -C "$top" rev-parse HEAD >/dev/null 2>&1; then
    git -C "$top" rev-list --max-count=40 HEAD | while read -r commit; do
        { printf '\001'; git -C "$top" cat-file commit "$commit"; } >"$out/git/commit-$commit"
        { printf '\000'; git -C "$top" cat-file tree "$commit^{tree}"; } >"$out/git/tree-$commit"
    done
fi
printf '\002object 1234567890123456789012345678901234567890\ntype commit\ntag v1\ntagger A <a@b> 1 +0200\n\nx\n' \
    >"$out/git/tag"
