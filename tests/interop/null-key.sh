#!/bin/bash
# Debian's kcat, told no key, writes null keys: a compacted topic refuses each of them with
# INVALID_RECORD, as Apache Kafka does, and nothing of the batch is appended; a topic that is not
# compacted takes them. kcat's word and the log must agree.
# Argument: the ktrial program.
set -u
. "$(dirname "$0")/serve.sh"
interop_begin "$@"

# write TOPIC STATUS [ARGUMENT…]: kcat writes what is on its standard input.
write() {
    local status=0 topic=$1 expected=$2
    shift 2
    timeout 120 kcat -P -b "$brokers" -t "$topic" "$@" >"$work/said" 2>&1 || status=$?
    claim "kcat's status for $topic $*" "$status" "$expected"
}

refused='*Delivery failed for message: Broker: Broker failed to validate record*'

begin null-key '{"event":"ready",*}'
ask 'topic kept partitions 1 compact' "$yes"
ask 'topic both partitions 1 { cleanup.policy = "compact,delete" }' "$yes"
ask 'topic plain partitions 1' "$yes"

for topic in kept both; do
    echo "a value without a key" | write $topic 1
    claim "kcat is told why, of $topic" "$(<"$work/said")" "$refused"
    echo "a value without a key" | write $topic 1 -X enable.idempotence=true
    claim "an idempotent kcat is told the same, of $topic" "$(<"$work/said")" "$refused"
    # One batch, of which only the second record has no key.
    printf 'k:v\nno key\n' | write $topic 1 -K : -X linger.ms=500
    claim "a batch with one null key is refused as well, of $topic" "$(<"$work/said")" "$refused"
    ask "log $topic/0 is { }" "$holds"
done

# What has a key is taken after that, at offset 0; an empty key is one.
printf 'k:v\n:empty\n' | write kept 0 -K :
claim "kcat has nothing to say of records with keys" "$(<"$work/said")" ""
ask 'log kept/0 is {' '0: "k" = "v"' '1: "" = "empty"' '}' "$holds"
echo "a value without a key" | write plain 0
ask 'await end plain/0 >= 1' "$yes"

finish 0 '{"event":"judged","exit":0,*}'
interop_end
