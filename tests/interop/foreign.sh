#!/bin/sh
# Installs one client that is not ours into a private directory, without root, and puts it through
# the cases of compacted/. Ends with how many instances passed, or skipped the reason why it cannot
# be installed. Downloads from PyPI, npm or the Go proxy. A release with a known bug must fail in the
# case that shows it, each time: without that, nobody would know that these cases can fail.
# Arguments: the ktrial program, a directory for the client (kept: a second run installs nothing),
# the client, what else ktrial run is to be given.
set -u
. "$(dirname "$0")/../help.sh"
help_or_need 3 "$@"

ktrial=$1
home=$2
client=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd -P)
mkdir -p "$home"
home=$(cd "$home" && pwd -P)
log=$home/$client.log

skip() {
    echo "SKIP     $client: $1"
    echo "0 passed, 0 failed, 1 skipped"
    exit 77
}

need() {
    command -v "$1" >/dev/null || skip "there is no $1"
}

install_python() {
    need python3
    [ -x "$home/python/bin/pip" ] || python3 -m venv "$home/python" >"$log" 2>&1 ||
        skip "python3 makes no virtual environment: $(tail -1 "$log")"
    "$home/python/bin/pip" show "$client" >"$log" 2>&1 ||
        "$home/python/bin/pip" install "$client" >"$log" 2>&1 ||
        skip "pip cannot install it: $(tail -1 "$log")"
    "$home/python/bin/pip" list 2>/dev/null | grep "^$client "
}

install_node() {
    need node
    need npm
    [ -d "$home/node/node_modules/$client" ] ||
        npm install --loglevel error --prefix "$home/node" "$client" >"$log" 2>&1 ||
        skip "npm cannot install it: $(tail -1 "$log")"
    npm ls --loglevel error --prefix "$home/node" "$client" | grep "$client@"
}

# $1: its modules.
install_go() {
    need go
    mkdir -p "$home/go/$client"
    cp "$here/compacted/$client/main.go" "$home/go/$client/"
    (
        cd "$home/go/$client" || exit 1
        export GOPATH="$home/go/path" GOFLAGS=-modcacherw
        [ -f go.mod ] || go mod init read
        # shellcheck disable=SC2086 # several words
        go get $1 && go build -o read .
    ) >"$log" 2>&1 || skip "go cannot build it: $(tail -1 "$log")"
    module=${1%%[ @]*}
    grep -F "$module " "$home/go/$client/go.mod" | sed 's/^[ \t]*//; s/^require //; s/ *\/\/.*//'
}

broken=
case $client in
kcat) need kcat && kcat -V | grep -i version ;;
kafka-python | aiokafka | confluent-kafka) install_python ;;
kafkajs) install_node ;;
franz-go) install_go "github.com/twmb/franz-go github.com/twmb/franz-go/pkg/kadm" ;;
sarama) install_go github.com/IBM/sarama ;;
kafka-go)
    # kafka-go#874, #1416: it panics at the second of two batches without a record.
    install_go github.com/segmentio/kafka-go@v0.4.51
    broken=empty-batches-within.scn
    ;;
*) echo "foreign.sh: no such client: $client" >&2; exit 64 ;;
esac
KTRIAL_FOREIGN=$client
KTRIAL_FOREIGN_HOME=$home
export KTRIAL_FOREIGN KTRIAL_FOREIGN_HOME

status=0
find "$here/compacted" -name '*.scn' ! -name "${broken:-none}" | sort >"$home/cases"
# shellcheck disable=SC2046 # one word for each
sh "$here/../scenarios/run.sh" "$ktrial" "$@" $(cat "$home/cases") || status=1
if [ -n "$broken" ]; then
    "$ktrial" run "$@" "$here/compacted/$broken" >"$home/broken" 2>&1 </dev/null
    if [ "$?" = 1 ] && ! grep -q '^PASS ' "$home/broken" &&
        grep -q 'exit c2 is 0: fail: c2 ended with status' "$home/broken"; then
        echo "$broken convicts $client of its bug, as it should"
    else
        echo "$broken does not convict $client of its bug:"
        cat "$home/broken"
        status=1
    fi
fi
exit $status
