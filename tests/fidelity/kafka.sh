#!/bin/bash
# Gets, starts and stops a real Apache Kafka of one node, to compare the broker with.
#
#   kafka.sh get                       download through Maven into the cache, once; prints its folder
#   kafka.sh start DIR [NAME=VALUE…]   start a node whose data are in DIR; prints HOST:PORT
#   kafka.sh stop DIR                  stop it and remove DIR
#   kafka.sh run [NAME=VALUE…] -- COMMAND…   start, run COMMAND with KTRIAL_ORACLE set, stop
#
# NAME=VALUE are broker settings; the names port and controller.port choose the ports (0: free ones),
# and scram.USER=PASSWORD makes a user known to both SCRAM mechanisms. sasl=yes adds a listener with
# SASL, the users alice and bob, and an authorizer that lets everybody do everything who did not log
# in; its address is in DIR/sasl, and run sets KTRIAL_ORACLE_SASL to it.
# Exit status 77: it cannot be had here (no java, no mvn, no network); the reason is on stderr.
# Nothing outlives stop or run: the node has a process group of its own, and run kills it however it
# ends. Readiness is a line of the node's own log, read from a pipe: nobody sleeps.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../help.sh"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ktrial/kafka
version=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/pom.xml")
lib=$cache/$version/lib
# A node that ends says so at once (its pipe closes): this is for one that hangs.
patience_s=600

skip() {
    echo "kafka.sh: $*" >&2
    exit 77
}

get() {
    command -v java >/dev/null || skip "there is no java"
    if [ ! -e "$cache/$version/complete" ]; then
        command -v mvn >/dev/null || skip "there is no mvn"
        mkdir -p "$lib"
        mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$lib" >&2 ||
            skip "Maven could not get Apache Kafka $version"
        touch "$cache/$version/complete"
    fi
}

# Ports that nobody has now, and that the kernel gives to nobody who just connects: the node binds
# them only seconds later, and each connection on this machine takes a port of that range.
free_ports() {
    perl -MIO::Socket::INET -e '
        my ($low, $high) = (32768, 60999);
        if (open my $range, "<", "/proc/sys/net/ipv4/ip_local_port_range") {
            ($low, $high) = split " ", <$range>;
        }
        my ($first, $count) = $low > 12000 ? (10000, $low - 10000) : ($high + 1, 65535 - $high);
        my @open;
        for (my $tries = 0; @open < 3 && $tries < 10000; $tries++) {
            my $it = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1,
                                           LocalPort => $first + int rand $count);
            push @open, $it if $it;
        }
        print join(" ", map { $_->sockport } @open), "\n";'
}

# properties DIR PORT CONTROLLER_PORT [NAME=VALUE…]
properties() {
    cat <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$3
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$3
advertised.listeners=PLAINTEXT://127.0.0.1:$2
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$1/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.consumer.assignment.interval.ms=0
log.cleaner.dedupe.buffer.size=2097152
log.cleaner.backoff.ms=100
PROPERTIES
    shift 3
    for setting in "$@"; do
        echo "$setting"
    done
}

# sasl_properties PORT CONTROLLER_PORT SASL_PORT
sasl_properties() {
    local of=listener.name.sasl_plaintext module=org.apache.kafka.common.security
    cat <<PROPERTIES
listeners=PLAINTEXT://127.0.0.1:$1,CONTROLLER://127.0.0.1:$2,SASL_PLAINTEXT://127.0.0.1:$3
advertised.listeners=PLAINTEXT://127.0.0.1:$1,SASL_PLAINTEXT://127.0.0.1:$3
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT
inter.broker.listener.name=PLAINTEXT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:admin
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
$of.plain.sasl.jaas.config=$module.plain.PlainLoginModule required user_alice="alice-secret" user_bob="bob-secret";
$of.scram-sha-256.sasl.jaas.config=$module.scram.ScramLoginModule required;
$of.scram-sha-512.sasl.jaas.config=$module.scram.ScramLoginModule required;
$of.oauthbearer.sasl.jaas.config=$module.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
PROPERTIES
}

# Reads the node's log to its end, keeps it, and says "ready" once.
watch_log() {
    local line ready=
    while IFS= read -r line; do
        echo "$line" >>"$1/log"
        if [ -z "$ready" ] && [[ $line == *"Kafka Server started"* ]]; then
            ready=yes
            echo ready
        fi
    done
}

start() {
    local dir=$1 port=0 controller=0 settings=() users=() setting user mechanism sasl=
    shift
    for setting in "$@"; do
        case $setting in
        port=*) port=${setting#*=} ;;
        controller.port=*) controller=${setting#*=} ;;
        sasl=yes)
            sasl=yes
            for mechanism in SCRAM-SHA-256 SCRAM-SHA-512; do
                users+=(--add-scram "$mechanism=[name=alice,password=alice-secret]"
                    --add-scram "$mechanism=[name=bob,password=bob-secret]")
            done
            ;;
        scram.*)
            user=${setting#scram.}
            for mechanism in SCRAM-SHA-256 SCRAM-SHA-512; do
                users+=(--add-scram "$mechanism=[name=${user%%=*},password=${user#*=}]")
            done
            ;;
        *) settings+=("$setting") ;;
        esac
    done
    get
    mkdir -p "$dir" || exit 1
    dir=$(cd "$dir" && pwd)
    if [ -e "$dir/pid" ] && kill -0 -- "-$(cat "$dir/pid")" 2>/dev/null; then
        cat "$dir/bootstrap"
        return
    fi
    local free
    read -r -a free < <(free_ports)
    [ "$port" != 0 ] || port=${free[0]}
    [ "$controller" != 0 ] || controller=${free[1]}
    properties "$dir" "$port" "$controller" "${settings[@]}" >"$dir/properties"
    rm -f "$dir/sasl"
    if [ -n "$sasl" ]; then
        sasl_properties "$port" "$controller" "${free[2]}" >>"$dir/properties"
        echo "127.0.0.1:${free[2]}" >"$dir/sasl"
    fi
    local id
    id=$(java -cp "$lib/*" kafka.tools.StorageTool random-uuid 2>/dev/null | tail -1)
    java -XX:TieredStopAtLevel=1 -cp "$lib/*" kafka.tools.StorageTool format -t "$id" \
        -c "$dir/properties" "${users[@]}" >"$dir/log" 2>&1 || {
        cat "$dir/log" >&2
        exit 1
    }
    # A session of its own, so that one kill ends the node and the reader of its log.
    local ready
    rm -f "$dir/ready"
    mkfifo "$dir/ready"
    LIB=$lib DIR=$dir setsid bash -c '
        echo $$ >"$DIR/pid"
        '"$(declare -f watch_log)"'
        java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$LIB/*" kafka.Kafka \
            "$DIR/properties" 2>&1 </dev/null | watch_log "$DIR" >"$DIR/ready"' \
        >/dev/null 2>&1 </dev/null &
    disown
    # The end of the pipe means that the node is gone.
    if ! read -r -t "$patience_s" ready <"$dir/ready" || [ "$ready" != ready ]; then
        tail -20 "$dir/log" >&2
        stop "$dir"
        echo "kafka.sh: the node did not start" >&2
        exit 1
    fi
    echo "127.0.0.1:$port" | tee "$dir/bootstrap"
}

stop() {
    if [ -e "$1/pid" ]; then
        kill -KILL -- "-$(cat "$1/pid")" 2>/dev/null
    fi
    rm -rf "$1"
}

run() {
    local settings=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    dir=$(mktemp -d)
    trap 'stop "$dir"' EXIT
    trap 'exit 130' INT TERM HUP
    local bootstrap
    # In the shell itself: its exit status (77) is ours.
    start "$dir" "${settings[@]}" >"$dir/started" || exit
    bootstrap=$(cat "$dir/started")
    if [ -e "$dir/sasl" ]; then
        KTRIAL_ORACLE_SASL=$(cat "$dir/sasl")
        export KTRIAL_ORACLE_SASL
    fi
    KTRIAL_ORACLE=$bootstrap "$@"
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
get) get && echo "$lib" ;;
start | stop)
    if [ $# -eq 0 ]; then
        echo "kafka.sh: $command which folder?" >&2
        exit 64
    fi
    "$command" "$@"
    ;;
run) run "$@" ;;
-h | --help) help_text ;;
*)
    help_text >&2
    exit 64
    ;;
esac
