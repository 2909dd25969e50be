#!/bin/sh
# Who may include what: the layers of the architecture, and the confinement of third-party headers.
set -eu
. "$(dirname "$0")/lint.sh"

check() {
    tree=$1
    files_of "$tree" .c .h >"$samples/list"
    grep -v '^tests/' "$samples/list" >"$samples/product" || return 0
    (
        cd "$tree"
        tr '\n' '\0' <"$samples/product" |
            xargs -0 grep -n -H '^[[:space:]]*#[[:space:]]*include'
    ) | awk -v list="$samples/list" -f "$here/layers.awk"
}

must_reject src/base/x.c 'src/base may not' <<'END'
#include "mock/mock.h"
END
must_reject src/writer/x.c 'src may not' <<'END'
#include "harness/lang/tree.h"
END
must_reject src/writer/x.c 'src may not' <<'END'
#include "../../fixtures/fixture.h"
END
must_reject mock/group/x.c 'mock may not' <<'END'
#include "codec/object.h"
END
must_reject harness/run/x.c 'private header of mock' <<'END'
#include "mock/log/log_private.h"
END
must_reject harness/check/x.c 'harness may not' <<'END'
#include "writer/writer.h"
END
must_reject fixtures/x.c 'fixtures may not' <<'END'
#include "harness/check/judge.h"
END
must_reject mock/gateway/x.c 'rdkafka_mock.h' <<'END'
#include <librdkafka/rdkafka_mock.h>
END
must_reject harness/run/x.c 'rdkafka.h' <<'END'
#include <librdkafka/rdkafka.h>
END
must_reject mock/log/x.c 'uv.h' <<'END'
#include <uv.h>
END
must_reject harness/run/x.c 'sqlite3.h' <<'END'
    #  include <sqlite3.h>
END
must_reject mock/wire/x.c 'openssl/evp.h' <<'END'
#include <openssl/evp.h>
END
must_reject src/writer/x.c 'protobuf-c' <<'END'
#include <protobuf-c/protobuf-c.h>
END
must_reject harness/check/x.c 'git2.h' <<'END'
#include <git2.h>
END
must_reject src/writer/x.c 'jansson.h' <<'END'
#include <jansson.h>
END
must_reject mock/log/x.c 'zstd.h' <<'END'
#include <zstd.h>
END
must_reject mock/group/x.c 'uthash.h' <<'END'
#include <uthash.h>
END
must_reject src/base/x.c 'CUnit/CUnit.h' <<'END'
#include <CUnit/CUnit.h>
END
must_reject src/base/x.c 'foolib.h' <<'END'
#include <foolib.h>
END
must_reject harness/run/x.c 'no such file' <<'END'
#include "elsewhere.h"
END
must_accept mock/gateway/x.c <<'END'
#include <uv.h>
#include <stdio.h>
#include <sys/socket.h>
END
judge
