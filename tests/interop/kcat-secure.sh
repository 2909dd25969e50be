#!/bin/bash
# Debian's kcat logs in to `ktrial serve`: by SASL over plain connections, and by TLS with the authority
# that the ready line names. Principals and ACLs come on the control channel. Nothing sleeps.
# Argument: the ktrial program.
set -u
. "$(dirname "$0")/serve.sh"
interop_begin "$@"

# The end, and that what it said gives no password away.
judged() {
    finish 0 '{"event":"judged","exit":0,*'
    claim "$name: no password is in what it said" \
        "$(grep -c -e wonderland -e builder "$work/$name.err"; echo "$last" | grep -c wonderland)" \
        $'0\n0'
}

# produce LOGIN… KEY:VALUE: the status of a kcat that writes one record to rev. One that cannot gives
# up after three seconds; one that can has the time that it needs (patiently).
patiently="-X message.timeout.ms=100000"
produce() {
    printf '%s\n' "${*: -1}" | timeout 120 kcat -P -b "$brokers" -t rev -K : -X message.timeout.ms=3000 \
        -X linger.ms=0 "${@:1:$#-1}" >>"$work/kcat.out" 2>&1
    echo $?
}

# -- SASL, each mechanism; who is nobody; who may not --

begin sasl '{"event":"ready",*"security.protocol":"SASL_PLAINTEXT","sasl.mechanisms":"PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER"}' \
    --set listener=SASL_PLAINTEXT --set auto.create.topics.enable=false
ask 'topic rev partitions 1' "$yes"
ask 'principal alice password "wonderland"' "$yes"
ask 'principal bob password "builder"' "$yes"
ask 'acl alice may read, write on topic rev' "$yes"
ask 'acl alice may raed on topic rev' '{"ok":false,*did you mean*read*'
sasl="-X security.protocol=SASL_PLAINTEXT"
# Before 2.6.1 librdkafka sends its nonce twice in SCRAM's last message, and Apache Kafka refuses that
# since 3.7.2 (CVE-2024-56128); so does ktrial.
mechanisms=PLAIN
library=$(kcat -V | sed -n 's/.*librdkafka \([0-9.]*\).*/\1/p')
if [ "$(printf '%s\n' 2.6.1 "$library" | sort -V | head -1)" = 2.6.1 ]; then
    mechanisms="PLAIN SCRAM-SHA-256 SCRAM-SHA-512"
fi
count=0
for mechanism in $mechanisms; do
    login="$sasl -X sasl.mechanism=$mechanism -X sasl.username=alice"
    # shellcheck disable=SC2086 # words
    claim "alice writes by $mechanism" \
        "$(produce $login $patiently -X sasl.password=wonderland "k$count:$mechanism")" 0
    count=$((count + 1))
    # shellcheck disable=SC2086
    claim "a wrong password is refused by $mechanism" \
        "$(produce $login -X sasl.password=looking-glass k:x)" '[!0]*'
    # shellcheck disable=SC2086
    claim "bob may not write, by $mechanism" \
        "$(produce $sasl -X sasl.mechanism=$mechanism -X sasl.username=bob \
            -X sasl.password=builder k:y)" '[!0]*'
done
# A token that says who it is (alg none), as Kafka's default validator takes it.
# shellcheck disable=SC2086
claim "alice writes by OAUTHBEARER" \
    "$(produce $sasl $patiently -X sasl.mechanism=OAUTHBEARER \
        -X enable.sasl.oauthbearer.unsecure.jwt=true \
        -X sasl.oauthbearer.config="principal=alice" "k$count:OAUTHBEARER")" 0
claim "nobody writes without a login" "$(produce k:z)" '[!0]*'
# shellcheck disable=SC2086
timeout 120 kcat -C -b "$brokers" $sasl -X sasl.mechanism=PLAIN -X sasl.username=alice \
    -X sasl.password=wonderland -t rev -K : -q -e >"$work/read" 2>>"$work/kcat.out"
claim "alice reads what she wrote" "$(tr '\n' ' ' <"$work/read")" \
    'k0:PLAIN k*:OAUTHBEARER '
claim "bob does not see the topic" \
    "$(timeout 120 kcat -L -b "$brokers" $sasl -X sasl.mechanism=PLAIN -X sasl.username=bob \
        -X sasl.password=builder 2>&1 | grep -c '"rev"')" 0
judged

# -- TLS: the authority of the ready line, and no other --

begin tls '{"event":"ready",*"security.protocol":"SSL","ssl.ca.location":"*"}' --set listener=SSL
authority=${ready#*\"ssl.ca.location\":\"}
authority=${authority%%\"*}
claim "the authority's certificate is there" "$(head -1 "$authority")" '-----BEGIN CERTIFICATE-----'
ask 'topic rev partitions 1' "$yes"
ssl="-X security.protocol=SSL"
# shellcheck disable=SC2086
claim "it is trusted" "$(produce $ssl $patiently -X ssl.ca.location="$authority" k:v)" 0
# shellcheck disable=SC2086
claim "without it the broker is not" "$(produce $ssl k:w)" '[!0]*'
claim "a client without TLS gets nothing" "$(produce k:x)" '[!0]*'
ask 'log rev/0 is { 0: "k" = "v" }' "$holds"
judged

interop_end
