#!/bin/sh
# Words that must not be there: waiting by time, unbounded copies, allocation beside the seam,
# typedefs of structs, unfinished business, globbed source lists.
set -eu
. "$(dirname "$0")/lint.sh"

# Where the allocator of the C library may be called, "path function", each with its reason.
allowed_allocation() {
    cat <<'END'
src/base/memory.c malloc     the seam itself
src/base/memory.c calloc     the seam itself
src/base/memory.c realloc    the seam itself
src/base/memory.c free       the seam itself
END
    if [ -f "$here/allocation.allow" ]; then
        cat "$here/allocation.allow"
    fi
}

c_rules() {
    awk -v path="$1" -v allow="$samples/allow" -v test="$2" '
        BEGIN {
            while ((getline row < allow) > 0) {
                split(row, word, " ")
                if (row !~ /^#/) { allowed[word[1], word[2]] = 1 }
            }
        }
        # The name of the first call in text of one of the functions; "" if there is none.
        function called(text, functions,    name) {
            if (!match(" " text, "[^A-Za-z0-9_.>](" functions ")[ \t]*\\(")) { return "" }
            name = substr(" " text, RSTART + 1, RLENGTH - 1)
            sub(/[ \t]*\($/, "", name)
            return name
        }
        function finding(text) { print path ":" FNR ": " text }
        {
            f = called($0, "sleep|usleep|nanosleep|clock_nanosleep|thrd_sleep|uv_sleep")
            if (f != "") { finding(f ": nothing waits by sleeping") }
            if ($0 ~ /[^A-Za-z0-9_](poll|ppoll)[ \t]*\([ \t]*NULL|[^A-Za-z0-9_]select[ \t]*\([ \t]*0[ \t]*,/) {
                finding("poll or select without descriptors: nothing waits by sleeping")
            }
            f = called($0, "strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atoll|atof|strtok")
            if (f != "") { finding(f ": use a bounded or checked function") }
            if (!test) {
                rest = $0
                while ((f = called(rest, "malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf|vasprintf|free")) != "") {
                    if (!((path, f) in allowed)) { finding(f ": allocate through base/memory.h") }
                    sub("(^|[^A-Za-z0-9_.>])" f "[ \t]*\\(", " (", rest)
                }
            }
            if ($0 ~ /^[ \t]*typedef[ \t]+(struct|enum|union)([^(]*;|[^(]*\{|[^(;]*$)/) {
                finding("no typedef of a struct, enum or union")
            }
        }'
}

check() {
    tree=$1
    allowed_allocation >"$samples/allow"
    files_of "$tree" .c .h | while read -r path; do
        case $path in
        tests/*) test=1 ;;
        *) test=0 ;;
        esac
        code_of "$tree/$path" | c_rules "$path" "$test"
    done
    (
        cd "$tree"
        unfinished='TO''DO|FIX''ME|X''XX'
        files_of . | tr '\n' '\0' | xargs -0 grep -n -H -I -w -E "$unfinished" |
            sed 's/$/: unfinished business/' || true
        files_of . CMakeLists.txt .cmake | tr '\n' '\0' |
            xargs -0 -r grep -n -H -i -E 'file[[:space:]]*\([[:space:]]*GLOB' |
            sed 's/$/: list the sources/' || true
        { files_of . .sh .py; files_of . run; } | tr '\n' '\0' |
            xargs -0 -r grep -n -H -E '^[^#]*(^|[;&|(.[:space:]])(u|nano)?sleep[[:space:](]' |
            grep -v '^tests/lint/banned\.sh:' |
            sed 's/$/: nothing waits by sleeping/' || true
    )
}

for f in usleep sleep nanosleep uv_sleep; do
    echo "void x(void) { $f(1); }" | must_reject src/x.c sleeping
done
echo 'int x = poll(NULL, 0, 10);' | must_reject tests/x.c sleeping
for f in strcpy strcat sprintf gets atoi strtok; do
    echo "    if (!$f(a, b)) {" | must_reject harness/x.c bounded
done
for f in malloc calloc realloc strdup strndup free; do
    echo "    return $f(a);" | must_reject mock/x.c base/memory.h
done
echo 'x = base_free(y); free(y); /* both on one line */' | must_reject src/x.c 'free: allocate'
echo 'typedef struct x {' | must_reject src/x.h typedef
echo 'typedef struct x x;' | must_reject src/x.h typedef
echo 'typedef enum' | must_reject src/x.h typedef
echo "/* TO""DO: more */" | must_reject src/x.c unfinished
echo "# FIX""ME" | must_reject tests/x.sh unfinished
echo 'file( GLOB sources *.c)' | must_reject src/CMakeLists.txt list
echo 'while ! ready; do sleep 1; done' | must_reject tests/x.sh sleeping
echo 'sleep 1' | must_reject tests/run sleeping
echo '    time.sleep(1)' | must_reject tests/x.py sleeping
must_accept src/x.c <<'END'
/* malloc(3) and sleep(3) in a comment */
typedef struct x *(*fn)(int);
const char *text = "free(x) sleep(1) \" strcpy(a, b)";
void y(void) { base_free(x); ops->free(x); ops.free(x); json_free (x); snprintf(a, 1, "b"); }
int n = poll(fds, 1, 10);
char name[] = "ktrial-XXXXXX";
END
judge
