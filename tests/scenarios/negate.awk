# Turns a scenario in canonical form (ktrial fmt) into its negations: one scenario for each
# expectation, in which this expectation alone says the opposite. Files go to "out-001.scn", …
# where out is given; each begins with a comment that shows what was negated.

function flip(cmp) {
    if (cmp == "=") { return ">" }
    if (cmp == ">=") { return "<" }
    if (cmp == "<=") { return ">" }
    return cmp == "<" ? ">=" : "<="
}

# The opposite of one line of a check; "" if the line is none.
function opposite(line,    body, indent) {
    match(line, /^ */)
    indent = substr(line, 1, RLENGTH)
    body = substr(line, RLENGTH + 1)
    sub(/[ ]*#[^"]*$/, "", body)
    if (body ~ /^guarantee .* is pass$/) { sub(/is pass$/, "is fail", body) }
    else if (body ~ /^guarantee .* is (fail|unknown)/) { sub(/is (fail|unknown).*$/, "is pass", body) }
    else if (body ~ /^no (anomaly|secret) /) { sub(/^no /, "", body) }
    else if (body ~ /^anomaly /) {
        sub(/ count [<>=]+ .*$/, "", body)
        body = "no " body
    }
    else if (body ~ /^secret /) { body = "no " body }
    else if (body ~ /^(fired|committed|store .* count|exit) .*/ && match(body, / [<>]?=? [0-9]+$/)) {
        split(substr(body, RSTART + 1), part, " ")
        body = substr(body, 1, RSTART) flip(part[1]) " " part[2]
    }
    else if (body ~ /^exit .* is 0$/) { sub(/0$/, "1", body) }
    else if (body ~ /^exit .* is /) { sub(/ is .*$/, " is 0", body) }
    else if (body ~ /^outcome .* is ok/) { sub(/is ok.*$/, "is failed", body) }
    else if (body ~ /^outcome .* is /) { sub(/is [a-z]+.*$/, "is ok", body) }
    else if (body ~ /^store .* has /) { sub(/ = .*$/, "", body); sub(/ has /, " lacks ", body) }
    else if (body ~ /^store .* lacks /) { sub(/ lacks /, " has ", body); body = body " = \"there\"" }
    else if (body ~ /^store .* matches /) { sub(/ matches .*$/, " count = 0", body) }
    else if (body ~ /^log .* [{] -?[0-9]+: .* = .* }$/) { sub(/ = .*$/, " = \"another value\" }", body) }
    else if (body ~ /^log .* is [{] }$/) { sub(/ is [{] }$/, " has { 0: \"nobody\" = \"wrote this\" }", body) }
    else if (body ~ /^-?[0-9]+: .* = /) { sub(/ = .*$/, " = \"another value\"", body) }
    else { return "" }
    return indent body
}

# What only `ktrial explore` judges: the negations are run.
function is_left(line) { return line ~ /^ *guarantee view-safe / }

{ line[NR] = $0 }

END {
    for (at = 1; at <= NR; at++) {
        if (line[at] ~ /^check/) { in_check = 1; continue }
        if (line[at] ~ /^}/) { in_check = 0 }
        if (!in_check || is_left(line[at])) { continue }
        negated = opposite(line[at])
        if (negated == "") {
            # The lines that only open or close a list of records.
            if (line[at] !~ /^ *(log .*[{]|}|#.*)?$/) {
                print "cannot negate: " line[at] > "/dev/stderr"
                exit 1
            }
            continue
        }
        file = sprintf("%s-%03d.scn", out, ++count)
        print "# negated: " line[at] > file
        for (i = 1; i <= NR; i++) { print i == at ? negated : line[i] > file }
        close(file)
    }
    if (!count) {
        print "nothing to negate" > "/dev/stderr"
        exit 1
    }
}
