# Input: grep -nH lines of includes, "path:line:#include <x.h>". list: a file with the tree's files.
# The tables below are the rules; everything not allowed by them is a finding.

BEGIN {
    while ((getline file < list) > 0) { exists[file] = 1 }

    # -- layers: what the files of an area may include of ours --
    may["src/base"] = "^src/base/"
    may["src"] = "^src/|^generated/"
    may["mock"] = "^mock/|^src/base/"
    may["harness"] = "^harness/|^mock/|^src/base/|^fixtures/fixture\\.h$"
    may["fixtures"] = "^fixtures/|^src/base/|^generated/"
    # Of mock, harness sees what others may use.
    public_mock = "^mock/(mock\\.h|event\\.h|fault/fault\\.h|group/group\\.h|log/producer\\.h" \
                  "|log/stored_batch\\.h|security/(acl|security)\\.h|wire/[a-z0-9_]+\\.h)$"

    # -- third-party headers: which files may include them --
    rule(".*rdkafka_mock\\.h", "^mock/cluster\\.c$")
    rule(".*rdkafka\\.h", "^src/(writer|client|replay|tool|journal)|^src/[a-z_]+\\.[ch]$|^mock/cluster\\.c$")
    rule("uv\\.h", "^mock/gateway/|^harness/run/")
    rule("sqlite3\\.h", "^src/replay/|^harness/store/")
    rule("libpq-fe\\.h", "^src/replay/|^harness/store/")
    rule("openssl/.*", "^src/codec/digest\\.c$|^fixtures/digest\\.c$|^harness/check/digest\\.c$" \
                       "|^mock/gateway/tls\\.c$|^mock/security/(certificate|scram)\\.c$")
    rule("(protobuf-c/.*|.*\\.pb-c\\.h)", "^src/codec/|^fixtures/")
    rule("(git2\\.h|git2/.*)", "^fixtures/")
    rule("jansson\\.h", "^src/tool/|^mock/security/jws\\.c$|^harness/(run|check|report|store|explore)/")
    rule("(zlib|snappy-c|lz4|lz4hc|lz4frame|lz4frame_static|zstd|zstd_errors)\\.h", "^mock/wire/")
    rule("isa-l.*", "^src/base/crc32c\\.c$")
    rule("(uthash|utlist|utarray|utstring)\\.h", "^src/base/hash\\.h$")

    # -- the C library and the system --
    system_headers = "^(assert|ctype|dirent|dlfcn|errno|fcntl|float|fnmatch|ftw|getopt|glob|grp" \
        "|ifaddrs|inttypes|langinfo|libgen|limits|locale|malloc|math|netdb|poll|pthread|pwd|regex|sched" \
        "|semaphore|setjmp|signal|spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio" \
        "|stdlib|stdnoreturn|string|strings|syslog|termios|threads|time|uchar|unistd|wchar" \
        "|wctype|endian|byteswap|features|(sys|netinet|arpa|net|linux)/[a-z_0-9]+)\\.h$"
}

function rule(header, files) {
    rules++
    rule_header[rules] = "^" header "$"
    rule_files[rules] = files
}

# Removes "./" and "x/.." from a path.
function normal(path,    n, part, i, depth, kept, out) {
    n = split(path, part, "/")
    depth = 0
    for (i = 1; i <= n; i++) {
        if (part[i] == "" || part[i] == ".") { continue }
        if (part[i] == "..") { depth--; continue }
        kept[++depth] = part[i]
    }
    out = ""
    for (i = 1; i <= depth; i++) { out = out (i > 1 ? "/" : "") kept[i] }
    return out
}

function area_of(path) {
    if (path ~ /^src\/base\//) { return "src/base" }
    sub(/\/.*/, "", path)
    return path
}

# The file of ours that the include names; "" if there is none.
function ours(from, name,    dir) {
    dir = from
    sub(/\/[^\/]*$/, "", dir)
    if (normal(dir "/" name) in exists) { return normal(dir "/" name) }
    if (("src/" name) in exists) { return "src/" name }
    if (name in exists) { return name }
    # In a sample that holds a single file, the path has to speak for itself.
    name = normal(name ~ /^\.\./ ? dir "/" name : name)
    if (name ~ /^(mock|harness|fixtures|tests)\//) { return name }
    if (name ~ /^(base|codec|writer|client|replay|tool)\//) { return "src/" name }
    return ""
}

function finding(text) {
    print path ":" line ": " text
}

function check_third_party(name,    i) {
    for (i = 1; i <= rules; i++) {
        if (name ~ rule_header[i]) {
            if (path !~ rule_files[i]) { finding("<" name "> is confined to " rule_files[i]) }
            return
        }
    }
    if (name !~ system_headers) { finding("<" name "> is unknown to " "tests/lint/layers.awk") }
}

function check_ours(name,    target, area) {
    if (name ~ /\.pb-c\.h$/) {
        target = "generated/" name
    } else {
        target = ours(path, name)
    }
    if (target == "") {
        finding("\"" name "\": no such file in the tree")
        return
    }
    area = area_of(path)
    if (target !~ may[area]) {
        finding(area " may not include " target)
    } else if (area == "harness" && target ~ /^mock\// && target !~ public_mock) {
        finding(target " is a private header of mock")
    } else if (target ~ /^generated\// && path !~ /^src\/codec\/|^fixtures\//) {
        finding("the generated schemas are confined to src/codec and fixtures")
    }
}

{
    path = $0
    sub(/:.*/, "", path)
    rest = substr($0, length(path) + 2)
    line = rest
    sub(/:.*/, "", line)
    if (match(rest, /<[^>]*>/)) {
        check_third_party(substr(rest, RSTART + 1, RLENGTH - 2))
    } else if (match(rest, /"[^"]*"/)) {
        check_ours(substr(rest, RSTART + 1, RLENGTH - 2))
    }
}
