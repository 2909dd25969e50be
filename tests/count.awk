# Reads two files of one ctest run, the JUnit one and then LastTest.log, and prints
# "passed failed skipped" for each test. The first knows how each test ended (the log calls a test
# that could not be started passed); the second has the whole output. A program whose last line of
# output is "N passed, N failed, N skipped" says itself how many tests it holds, unless
# counting == "whole"; every other one counts as one. Why a test was skipped, its last line of output,
# goes to standard error.

# -- JUnit --

FNR == NR && /<testcase name="/ {
    name = $0
    sub(/.*<testcase name="/, "", name)
    sub(/".*/, "", name)
    ended = $0
    sub(/.* status="/, "", ended)
    sub(/".*/, "", ended)
    end_of[name] = ended == "run" ? "passed" : ended == "disabled" ? "skipped" : "failed"
}
FNR == NR && /<skipped message="SKIP_/ { end_of[name] = "skipped" }
FNR == NR { next }

# -- LastTest.log --

!inside && /^[0-9]+\/[0-9]+ Test: / {
    name = $0
    sub(/^[0-9]+\/[0-9]+ Test: /, "", name)
    next
}
!inside && /^Output:$/ { inside = 1; next }
inside && /^<end of output>$/ { inside = 0; next }
inside && $0 != "" { last_of[name] = $0 }

END {
    for (name in end_of) {
        ended = end_of[name]
        if (ended == "skipped") {
            print "skipped: " name ": " last_of[name] >"/dev/stderr"
        }
        said = last_of[name] ~ /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/
        if (said && counting != "whole" && ended != "skipped") {
            split(last_of[name], n, " ")
            if (ended == "failed" && n[3] == 0) { n[3] = 1 }
            print n[1], n[3], n[5], name
        } else {
            print (ended == "passed") + 0, (ended == "failed") + 0, (ended == "skipped") + 0, name
        }
    }
}
