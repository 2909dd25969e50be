#!/bin/bash
# Puts one client that is not ours through one exercise, before a real Apache Kafka or before
# ktrial serve. Installs the client first, without root, in the versions that its folder pins, into
# the cache. Ends with "N passed, N failed, N skipped".
#
#   run.sh CLIENT EXERCISE kafka|ktrial [KTRIAL]
#
# CLIENT: java confluent-kafka franz-go aiokafka sarama kafkajs kafka-python
# EXERCISE: produce-consume compression group migration patterns reset moves transactions
# exactly-once admin sasl; or "command", which prints how the client's program is started, a word a line.
# KTRIAL_KEEP=DIR keeps the logs of the client and of the broker there; KTRIAL_VERBOSE=1 has ktrial
# write its history. Exit status 77: it cannot be had here, and why.
set -u
. "$(dirname "${BASH_SOURCE[0]}")/../../help.sh"
help_or_need 2 "$@"

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
client=$1
exercise=$2
broker=${3:-}
ktrial=${4:-}
home=${XDG_CACHE_HOME:-$HOME/.cache}/ktrial/interop/$client
log=$home/install.log

skip() {
    echo "SKIP     $client: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 77
}

need() {
    command -v "$1" >/dev/null || skip "there is no $1"
}

sum_of() {
    cat "$@" | cksum | tr -d ' '
}

# installed FILE…: whether this is what was installed last time.
installed() {
    stamp=$(sum_of "$@")
    [ "$(cat "$home/stamp" 2>/dev/null)" = "$stamp" ]
}

install_python() {
    installed "$here/$client/requirements.txt" && return
    rm -rf "$home/python"
    python3 -m venv "$home/python" >"$log" 2>&1 ||
        skip "python3 makes no virtual environment: $(tail -1 "$log")"
    "$home/python/bin/pip" install --disable-pip-version-check \
        -r "$here/$client/requirements.txt" >"$log" 2>&1 ||
        skip "pip cannot install it: $(tail -1 "$log")"
}

install_go() {
    need go
    installed "$here/$client"/go.* "$here/$client"/*.go && return
    (
        cd "$here/$client" || exit 1
        export GOPATH="$home/path" GOFLAGS="-modcacherw -mod=readonly"
        go build -o "$home/client" .
    ) >"$log" 2>&1 || skip "go cannot build it: $(tail -1 "$log")"
}

install_node() {
    need node
    need npm
    installed "$here/$client/package.json" && return
    cp "$here/$client/package.json" "$home/"
    npm install --loglevel error --no-package-lock --prefix "$home" >"$log" 2>&1 ||
        skip "npm cannot install it: $(tail -1 "$log")"
}

install_java() {
    need java
    need javac
    need mvn
    # A running one reads its classes when it needs them: others get a folder of their own.
    lib=$home/lib-$(sum_of "$here/$client/pom.xml")
    classes=$home/classes-$(sum_of "$here/$client"/src/main/java/interop/*.java)
    installed "$here/$client/pom.xml" "$here/$client"/src/main/java/interop/*.java && return
    [ -d "$lib" ] || mvn -q -B -f "$here/$client/pom.xml" dependency:copy-dependencies \
        -DoutputDirectory="$lib" >"$log" 2>&1 || skip "Maven cannot get it: $(tail -1 "$log")"
    javac -d "$classes" -cp "$lib/*" "$here/$client"/src/main/java/interop/*.java \
        >"$log" 2>&1 || skip "javac cannot build it: $(tail -1 "$log")"
}

need python3
mkdir -p "$home"
# Several exercises may be started at once; one of them installs.
exec 9>"$home/lock"
flock 9
case $client in
confluent-kafka | aiokafka | kafka-python)
    install_python
    command=("$home/python/bin/python" "$here/$client/client.py")
    ;;
franz-go | sarama)
    install_go
    command=("$home/client")
    ;;
kafkajs)
    install_node
    export NODE_PATH="$home/node_modules"
    command=(node "$here/$client/client.js")
    ;;
java)
    install_java
    command=(java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx192m
        -cp "$classes:$lib/*" interop.Client)
    ;;
*)
    echo "run.sh: no such client: $client" >&2
    exit 64
    ;;
esac
echo "$stamp" >"$home/stamp"
exec 9>&-
if [ "$exercise" = command ]; then
    printf '%s\n' "${command[@]}"
    exit
fi
# Those that have to understand what the others write; neither is its own peer.
peers=()
if [ "$exercise" = compression ]; then
    for peer in confluent-kafka java; do
        [ "$peer" != "$client" ] || continue
        words=$(bash "$0" "$peer" command) || skip "there is no $peer: $words"
        export "KTRIAL_PEER_${#peers[@]}=$words"
        peers+=("$peer")
    done
fi
export KTRIAL_PEERS="${peers[*]}"
export PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1
exec python3 -m drive "$broker" "$ktrial" "$exercise" "${command[@]}"
