#!/bin/sh
# `ktrial explore` as a whole: the built-in replayer is safe on every view, a client with the fault of
# KAFKA-19862 is not, one view can be run again, and what cannot be explored is refused. Arguments: the
# ktrial program, the folder of the scenarios, the catalogue, the folder of the convicted twins.
set -eu
. "$(dirname "$0")/../../help.sh"
help_or_need 4 "$@"

ktrial=$1
scenarios=$2
catalogue=$3
selftest=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME STATUS [ARGUMENT…]: what `ktrial explore` exits with; its output is in $work/out.
check() {
    name=$1
    wanted=$2
    shift 2
    status=0
    "$ktrial" explore "$@" >"$work/out" 2>&1 </dev/null || status=$?
    if [ "$status" = "$wanted" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name: exit status $status, expected $wanted"
        cat "$work/out"
    fi
}

# says NAME PATTERN: a line of the last output.
says() {
    if grep -q -E -e "$2" "$work/out"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: no line with $2"
        cat "$work/out"
    fi
}

written() {
    cat >"$work/s.scn"
    printf '%s' "$work/s.scn"
}

check the_replayer_is_safe_on_every_view 0 -j 4 --json "$work/json" "$scenarios/replayer.scn"
says the_replayer_is_safe_on_every_view '^PASS .* view-safe of c1$'
says the_replayer_is_safe_on_every_view '154 views, [0-9]+ distinct; served'
says the_replayer_is_safe_on_every_view ' 0 of [0-9]+ legal views diverge'
says the_hazard_is_told_and_no_failure 'delete.retention hazard .*: [1-9][0-9]* of [0-9]+ views diverge; no failure'
cp "$work/json" "$work/out"
says the_report_is_json '"verdict":"pass".*"diverging":0'

check a_client_that_needs_a_removed_record_is_convicted 1 -j 4 --keep "$work/kept" \
    "$scenarios/refuses-owners.scn"
says a_client_that_needs_a_removed_record_is_convicted '^FAIL .* view-safe of c1 because view-divergence$'
says the_view_and_the_key_are_named 'view assign/0:1:4:keep .*gone: 1$'
says the_view_and_the_key_are_named 'key "m2" of assign: .*missing'
says the_call_for_that_view_is_told 'again: ktrial explore .* --view assign/0:1:4:keep'
if [ -s "$work/kept/refuses-owners.scn.c1.view.assign_0_1_4_keep/history.jsonl" ]; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "the diverging view was not kept:"
    ls "$work/kept"
fi

check that_view_diverges_again 1 --view assign/0:1:4:keep "$scenarios/refuses-owners.scn"
says that_view_diverges_again '1 views, .* served 1 in'
check the_log_as_written_does_not 0 --view all:0:0:keep "$scenarios/refuses-owners.scn"
check a_client_that_dies_is_convicted 1 --view assign/0:1:4:keep "$scenarios/dies-of-owners.scn"
says a_client_that_dies_is_convicted 'exited with status 3'
says a_client_that_dies_is_convicted 'illegal state: p0 is given to m2'

# Without a group nothing but the client's claims tells that its effects are done.
check a_groupless_replayer_is_safe 0 -j 4 --runs 8 \
    "$(sed 's/group g into/groupless into/' "$scenarios/replayer.scn" | written)"
says a_groupless_replayer_is_safe ' 0 of [0-9]+ legal views diverge'
check a_groupless_client_that_claims_nothing_is_not_convicted 2 -j 2 --runs 2 \
    "$(sed -e 's/group g into db/groupless into db exec "kcat -C -q -b \\$KTRIAL_BOOTSTRAP -t rev"/' \
        -e 's/from assign, rev/from rev/' "$scenarios/replayer.scn" | written)"
says a_groupless_client_that_claims_nothing_is_not_convicted 'views have no verdict'

# A check of view-safe is compared with what was found.
check the_shipped_scenario_is_as_its_check_says 0 -j 2 --json "$work/json" \
    "$catalogue/compaction/every-view.scn"
says the_shipped_scenario_is_as_its_check_says '^PASS .* view-safe of c1 is pass \(as expected\)$'
cp "$work/json" "$work/out"
says the_json_report_knows '"verdict":"pass".*"as_expected":true'
check a_conviction_that_is_expected_passes 0 -j 2 "$selftest/refuses-owners.scn"
says a_conviction_that_is_expected_passes \
    '^PASS .* view-safe of c1 is fail because view-divergence \(as expected\)$'
check a_conviction_that_is_not_expected_fails 1 -j 2 --json "$work/json" \
    "$(sed 's/is fail because view-divergence/is pass/' "$selftest/refuses-owners.scn" | written)"
says a_conviction_that_is_not_expected_fails '^FAIL .* view-safe of c1 is fail because view-divergence$'
says the_check_is_quoted 's.scn:[0-9]+: the check says pass$'
cp "$work/json" "$work/out"
says the_json_report_knows_that_too '"verdict":"fail".*"as_expected":false'
check an_acquittal_that_is_not_expected_fails 1 -j 2 --runs 8 \
    "$(sed 's/view-safe of c1 is pass/view-safe of c1 is fail/' \
        "$catalogue/compaction/every-view.scn" | written)"
says an_acquittal_that_is_not_expected_fails '^FAIL .* view-safe of c1 is pass$'
check one_view_is_compared_with_no_check 1 --view assign/0:1:4:keep "$selftest/refuses-owners.scn"

check a_sample_is_smaller 0 --runs 3 -j 2 "$scenarios/replayer.scn"
says a_sample_is_smaller 'a sample of 3 of them; served 3 in'
check a_wrong_view_is_refused 64 --view 9:1:keep "$scenarios/replayer.scn"
check without_an_explore_line_there_is_nothing 64 "$(sed '/^explore/d' "$scenarios/replayer.scn" | written)"
for kind in faults crash-points pairs random; do
    check "$kind"_are_refused 64 "$(sed "s/^explore views/explore $kind/" "$scenarios/replayer.scn" | written)"
    says "$kind"_are_refused "exploring $kind is not supported yet"
done
check a_client_without_a_store_is_refused 64 "$(sed -e 's/ into db//' -e '/^store/d' "$scenarios/replayer.scn" | written)"
check a_wrong_option_is_refused 64 --views "$scenarios/replayer.scn"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
