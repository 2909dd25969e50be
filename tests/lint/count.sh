#!/bin/sh
# How tests/run counts: a run of ctest over programs that end in every way gives the right sums.
set -eu
. "$(dirname "$0")/lint.sh"

tree=$samples/counted
mkdir -p "$tree"
cat >"$tree/CTestTestfile.cmake" <<'END'
add_test(parts "sh" "-c" "echo x; echo '3 passed, 0 failed, 1 skipped'; echo")
add_test(bad "sh" "-c" "echo '3 passed, 2 failed, 0 skipped'; exit 1")
add_test(crash "sh" "-c" "echo '3 passed, 0 failed, 0 skipped'; kill -9 $$")
add_test(silent "true")
add_test(silent-bad "false")
add_test(liar "sh" "-c" "echo '<end of output>'; echo '7 passed, 0 failed, 0 skipped'; echo no")
add_test(left-out "sh" "-c" "echo why; exit 77")
set_tests_properties(left-out PROPERTIES SKIP_RETURN_CODE 77)
add_test(missing "/nonexistent/program")
add_test(long "sh" "-c" "seq 1 100000; echo '5 passed, 0 failed, 0 skipped'")
END
ctest --test-dir "$tree" -j 2 --output-junit "$tree/junit.xml" >/dev/null 2>&1 || true
for counting in parts whole; do
    awk -v counting=$counting -f "$root/tests/count.awk" "$tree/junit.xml" \
        "$tree/Testing/Temporary/LastTest.log" | sort -k 4 >"$tree/$counting"
done
diff - "$tree/parts" <<'END'
3 2 0 bad
3 1 0 crash
0 0 1 left-out
1 0 0 liar
5 0 0 long
0 1 0 missing
3 0 1 parts
1 0 0 silent
0 1 0 silent-bad
END
diff - "$tree/whole" <<'END'
0 1 0 bad
0 1 0 crash
0 0 1 left-out
1 0 0 liar
1 0 0 long
0 1 0 missing
1 0 0 parts
1 0 0 silent
0 1 0 silent-bad
END
