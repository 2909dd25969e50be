#!/bin/sh
# A client that is not ours reads partition 0 of topic "rev" from its first record to the high
# watermark, and must have got exactly the given records.
# Arguments: the offset to begin at, or "earliest"; "OFFSET KEY VALUE" for each record, NULL being
# the value of a tombstone.
# Environment: KTRIAL_BOOTSTRAP; KTRIAL_FOREIGN, the client (kcat if unset); KTRIAL_FOREIGN_HOME,
# where ../foreign.sh has installed it.
# Exit status: 0 as expected, 1 other records, 2 it failed, 124 it did not come to the end.
set -u

here=$(cd "$(dirname "$0")" && pwd -P)
foreign=${KTRIAL_FOREIGN:-kcat}
home=${KTRIAL_FOREIGN_HOME:-}
from=$1
shift

read_all() {
    case $foreign in
    kcat)
        begin=$from
        [ "$begin" != earliest ] || begin=beginning
        # -e: the end is where the position is the high watermark, whatever lies before it.
        timeout 20 kcat -C -b "$KTRIAL_BOOTSTRAP" -t rev -p 0 -o "$begin" -e -q -Z \
            -X check.crcs=true -X fetch.wait.max.ms=50 -f '%o %k %s\n'
        ;;
    kafka-python | aiokafka | confluent-kafka)
        timeout 20 "$home/python/bin/python" "$here/read-$foreign.py" "$KTRIAL_BOOTSTRAP" "$from"
        ;;
    kafkajs) NODE_PATH=$home/node/node_modules timeout 20 \
        node "$here/read-kafkajs.js" "$KTRIAL_BOOTSTRAP" "$from" ;;
    franz-go | sarama | kafka-go) timeout 20 "$home/go/$foreign/read" "$KTRIAL_BOOTSTRAP" "$from" ;;
    *)
        echo "no such client: $foreign" >&2
        return 2
        ;;
    esac
}

status=0
got=$(read_all </dev/null) || status=$?
if [ "$status" -ne 0 ]; then
    printf '%s ended with %d, after:\n%s\n' "$foreign" "$status" "$got" >&2
    [ "$status" = 124 ] && exit 124
    exit 2
fi
expected=$([ $# -eq 0 ] || printf '%s\n' "$@")
[ "$got" = "$expected" ] && exit 0
printf '%s read:\n%s\nexpected:\n%s\n' "$foreign" "$got" "$expected" >&2
exit 1
