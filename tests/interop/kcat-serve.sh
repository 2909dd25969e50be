#!/bin/bash
# Debian's kcat, which knows nothing of ktrial, produces to and consumes from `ktrial serve`, while the
# control channel on standard input arms faults, awaits them, compares logs, looks at what kcat's
# group has committed and asks for verdicts. Nothing sleeps: await does the waiting.
# Argument: the ktrial program.
set -u
. "$(dirname "$0")/serve.sh"
interop_begin "$@"

ready_pattern='{"event":"ready","bootstrap.servers":"127.0.0.1:*","pid":*}'

# judged STATUS PATTERN: the end, where the report is in a file too.
judged() {
    finish "$@"
    claim "$name: the report is in the file too" "$(cat "$work/$name.json")" '{"scenario":*}'
}

# send NAME TOPIC KEY:VALUE…: one kcat, each record a request of its own.
send() {
    local id=$1 topic=$2
    shift 2
    printf '%s\n' "$@" | timeout 120 kcat -P -b "$brokers" -t "$topic" -K : -X client.id="$id" \
        -X enable.idempotence="$idempotent" -X linger.ms=0 -X batch.num.messages=1 \
        -X max.in.flight=1 >"$work/$id.out" 2>&1
    claim "$id ends well" "$?" 0
}

# -- what goes wrong is seen by kcat, and is in the log --

begin faults "$ready_pattern" --json "$work/faults.json"
ask 'topic rev partitions 1' "$yes"
ask 'topic twice partitions 1' "$yes"
ask 'tpoic rev' '{"ok":false,"error":"expected an item *'
ask 'fault lost at produce from nobody-declared key "k1" : drop-respons' '{"ok":false,"error":*drop-response*'

# Acknowledged too late for a producer that numbers its batches: each record once.
ask 'fault lost at produce from "kcat one" on rev/0 key "k1" : drop-response then reset' "$yes"
echo 'await fired lost' >&3
idempotent=true
send "kcat one" rev k1:v1 k2:v2
answer
claim "await fired lost is answered when it has" "$reply" "$yes"
ask 'fired lost = 1' "$holds"
ask 'log rev/0 is {' '0: "k1" = "v1"' '1: "k2" = "v2"' '}' "$holds"

# The same for one that does not: twice.
ask 'fault again at produce from "kcat-two" key "k1" : drop-response then reset' "$yes"
idempotent=false
send kcat-two twice k1:v1 k2:v2
ask 'fired again = 1' "$holds"
ask 'log twice/0 is {' '0: "k1" = "v1"' '1: "k1" = "v1"' '2: "k2" = "v2"' '}' "$holds"

# A group of kcat's: what it read, what it committed.
ask 'client reader from rev group g' "$yes"
ask 'fault refuse at commit from reader nth 1 : error COORDINATOR_LOAD_IN_PROGRESS' "$yes"
ask 'committed reader rev/0 < 0' "$holds"
timeout 120 kcat -b "$brokers" -X client.id=reader -G g -X auto.offset.reset=earliest \
    -K : -q -c 2 rev >"$work/read" 2>"$work/read.err" </dev/null
claim "the reader ends well" "$?" 0
claim "the reader got what the log holds" "$(tr '\n' ' ' <"$work/read")" 'k1:v1 k2:v2 '
ask 'await fired refuse' "$yes"
echo 'await committed reader rev/0 = 2' >&3
timeout 120 kcat -b "$brokers" -X client.id=reader -G g -X auto.offset.reset=earliest \
    -K : -q -e rev >"$work/again" 2>>"$work/read.err" </dev/null
answer
claim "await committed is answered when it is" "$reply" "$yes"
ask 'committed reader rev/0 = 2' "$holds"
ask 'log rev/0 has {' '1: "k2" = "v2"' '}' "$holds"
# kcat says nothing of what it did with a record.
ask 'guarantee commit-after-effect of reader is pass' \
    '{"ok":false,"verdict":"fail","error":"expected pass, was unknown because no-word",*"counters":"commits *'
judged 1 '{"event":"judged","exit":1,"report":{*"verdict":"unknown",*}}'

# -- verdicts on what kcat wrote; the end of input --

cat >"$work/journal.scn" <<'END'
scenario "foreign writers of a journal's topic"
journal swh prefix "swh.journal.objects" { types directory }
writer good to swh
writer bad to swh
check {
  guarantee contract of good is pass
  guarantee contract of bad is fail because contract-breach
}
END
begin verdicts "$ready_pattern" --json "$work/verdicts.json" "$work/journal.scn"
# An empty directory: field 1, twenty bytes.
printf '\012\024\113\202\135\306\102\313\156\271\240\140\345\113\370\326\222\210\373\356\111\004' \
    >"$work/directory"
timeout 120 kcat -P -b "$brokers" -t swh.journal.objects.directory -k id -X client.id=good \
    "$work/directory"
claim "the good writer ends well" "$?" 0
send bad swh.journal.objects.directory "id:no object"
ask 'await end swh.directory/0 >= 2' "$yes"
ask 'guarantee contract of good is pass' \
    '{"ok":true,"verdict":"pass","findings":\[{"guarantee":"contract","of":"good","verdict":"pass","counters":"objects 1",*'
ask 'guarantee contract of bad is fail because contract-breach' \
    '{"ok":true,"verdict":"pass","findings":\[{"guarantee":"contract","of":"bad","verdict":"fail",*no directory*'
ask 'anomaly contract-breach on swh.directory/0 count = 1' "$holds"
ask 'guarantee contract of bad is pass' \
    '{"ok":false,"verdict":"fail","error":"expected pass, was fail because contract-breach",*'
# An order that does not hold counts at the end.
judged 1 '{"event":"judged","exit":1,"report":{*"verdict":"pass",*}}'

begin held "$ready_pattern" --json "$work/held.json" "$work/journal.scn"
timeout 120 kcat -P -b "$brokers" -t swh.journal.objects.directory -k id -X client.id=good \
    "$work/directory"
send bad swh.journal.objects.directory "id:no object"
ask 'await end swh.directory/0 >= 2' "$yes"
judged 0 '{"event":"judged","exit":0,"report":{*"verdict":"pass",*}}'

# -- a signal ends it as well as the end of input does --

for signal in TERM INT; do
    begin "signal-$signal" "$ready_pattern" --json "$work/signal-$signal.json" "$work/journal.scn"
    timeout 120 kcat -P -b "$brokers" -t swh.journal.objects.directory -k id -X client.id=good \
        "$work/directory"
    ask 'await end swh.directory/0 >= 1' "$yes"
    kill -"$signal" "$serve"
    # What was expected of the other writer never happened.
    judged 64 '{"event":"judged","exit":64,"report":{*"verdict":"error","reason":*vacuous*}}'
done

interop_end
