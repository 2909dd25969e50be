/*
 * Faults: match an event by its content, skip some, apply n times.
 *
 * A fault's actions run one after the other. A *disposition* (drop-request, error, drop-response,
 * apply error, …) decides what becomes of the triggering request; the others act on connections,
 * brokers or, through the host, on actors. Actions before the disposition run while the request is
 * held before it is applied; those after it once its answer would leave. Without a disposition the
 * request goes on when the last action is done (if its connection still lives).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

enum mock_trigger_kind {
    MOCK_ON_CONNECT,
    MOCK_ON_API_VERSIONS,
    MOCK_ON_METADATA,
    MOCK_ON_INIT_PID,
    MOCK_ON_PRODUCE, /* a Produce request, before it is applied */
    MOCK_ON_APPEND,  /* after a batch was appended, before the answer */
    MOCK_ON_FETCH,   /* a Fetch request, before it is served */
    MOCK_ON_DELIVER, /* a Fetch answer that carries records, before it leaves */
    MOCK_ON_LIST_OFFSETS,
    MOCK_ON_FIND_COORDINATOR,
    MOCK_ON_JOIN,
    MOCK_ON_SYNC,
    MOCK_ON_ASSIGN, /* a SyncGroup answer that assigns partitions, before it leaves */
    MOCK_ON_REVOKE, /* a JoinGroup or LeaveGroup of a member that owns partitions */
    MOCK_ON_HEARTBEAT,
    MOCK_ON_LEAVE,
    MOCK_ON_COMMIT,        /* OffsetCommit, TxnOffsetCommit */
    MOCK_ON_FETCH_OFFSETS, /* OffsetFetch */
    MOCK_ON_POINT,         /* an actor waits at a point (offered by the host) */
    MOCK_ON_AUTHENTICATE,   /* SaslHandshake, SaslAuthenticate */
    MOCK_ON_ADD_PARTITIONS, /* AddPartitionsToTxn */
    MOCK_ON_ADD_OFFSETS,    /* AddOffsetsToTxn */
    MOCK_ON_END_TXN,
    MOCK_ON_ADMIN, /* every API without an event of its own */
    MOCK_ON_CLEAN, /* after a pass of the cleaner over a partition that had something dirty; topics,
                      partition; offset: the pass removed that record */
    MOCK_TRIGGER_KIND_COUNT
};
const char *mock_trigger_kind_to_str(enum mock_trigger_kind kind);

/* What must hold of an event. NULL, null slices and negative numbers: anything. */
struct mock_trigger {
    enum mock_trigger_kind kind;
    const char *point; /* ON_POINT: its name ("before-effect" for the word effect) */
    const char *actor;
    const char *const *topics; /* real names: any of them */
    size_t topic_count;        /* 0: any topic */
    int32_t partition;
    struct base_slice key;
    struct base_slice value;
    int64_t offset;  /* commit: covered (committed offset > it, previous one <= it) */
    int32_t attempt; /* the n-th send of the record that is selected, by its intent */
    int32_t nth;     /* the n-th event that matches the rest; 0 and 1: the first */
};

enum mock_action_kind {
    /* dispositions */
    MOCK_DO_DROP_REQUEST,
    MOCK_DO_DROP_RESPONSE,
    MOCK_DO_ERROR,       /* error */
    MOCK_DO_APPLY_ERROR, /* error */
    MOCK_DO_DUPLICATE_RESPONSE,
    MOCK_DO_CUT_RESPONSE,   /* number: bytes sent before the connection closes */
    MOCK_DO_SLICE_RESPONSE, /* number: bytes a write, a loop turn apart */
    MOCK_DO_FAIL_EFFECT,    /* name: the error word given to the actor (ON_POINT) */
    /* on the connection */
    MOCK_DO_RESET,    /* RST */
    MOCK_DO_CLOSE,    /* FIN */
    MOCK_DO_HOLD,     /* until: the host's condition */
    MOCK_DO_DELAY,    /* number: milliseconds */
    MOCK_DO_THROTTLE, /* number: throttle_time_ms in the answer */
    /* on the cluster */
    MOCK_DO_LEADER,      /* name: topic, partition, number: broker */
    MOCK_DO_COORDINATOR, /* name: group, number: broker */
    MOCK_DO_DOWN,        /* number: broker */
    MOCK_DO_UP,
    MOCK_DO_REBALANCE,        /* name: group */
    MOCK_DO_ADVANCE,          /* number: milliseconds of log time */
    MOCK_DO_COMPACT,          /* name: topic, partition (negative: all of them) */
    MOCK_DO_HOLD_REPLICATION, /* the same; number: follower, negative: all of them */
    MOCK_DO_RELEASE_REPLICATION,
    MOCK_DO_SHRINK_ISR, /* name: topic, partition */
    /* on actors, by the host; name: the actor */
    MOCK_DO_CRASH,
    MOCK_DO_RESTART,
    MOCK_DO_PAUSE,
    MOCK_DO_RESUME,
    MOCK_DO_STEP, /* until: what the host does to the broker itself */
    MOCK_ACTION_KIND_COUNT
};

struct mock_action {
    enum mock_action_kind kind;
    int16_t error;
    int64_t number;
    const char *name;
    int32_t partition;
    const void *until; /* the host's */
};

#define MOCK_TIMES_ALWAYS (-1)

/* Everything is borrowed from the host and must live as long as the fault. */
struct mock_fault_spec {
    const char *name;
    struct mock_trigger trigger;
    const struct mock_action *actions;
    size_t action_count;
    int32_t times; /* >= 1, or MOCK_TIMES_ALWAYS */
};

struct mock_fault;  /* armed */
struct mock_firing; /* one application of a fault, until its last action is done */

/* How often all actions were done; how often it matched (and began). */
uint32_t mock_fault_fired(const struct mock_fault *fault);
uint32_t mock_fault_matched(const struct mock_fault *fault);

/* Called by the host when an action that it was given (mock_host.act) is done; must not be called
 * from within that callback. The firing may be gone afterwards. */
void mock_firing_continue(struct mock_firing *firing);

/* A point at which an actor waits: offered to the armed faults by the host. */
struct mock_point {
    const char *name;
    const char *actor;
    uint32_t incarnation;
    const char *topic; /* NULL if the point has no record */
    int32_t partition;
    int64_t offset;        /* -1 */
    struct base_slice key; /* of that record, where known; null otherwise */
    struct base_slice value;
    void *subject; /* the host's; given back to point_go and point_fail */
};
