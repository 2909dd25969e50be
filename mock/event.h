/*
 * What the broker tells its owner: one event at each of the four hooks of a request, and one for
 * each fact that a request makes true. Everything in an event is borrowed and valid during the call
 * only; batches may be kept with mock_stored_batch_ref.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "mock/log/clean_report.h"
#include "mock/log/stored_batch.h"

enum mock_event_kind {
    /* connections */
    MOCK_EVENT_CONNECT,
    MOCK_EVENT_DISCONNECT, /* text: why ("closed by peer", "reset by fault", "killed", …) */
    /* the four hooks of a request */
    MOCK_EVENT_RECV,   /* a whole frame is there; header known */
    MOCK_EVENT_BEFORE, /* about to be applied (or given to the mock cluster) */
    MOCK_EVENT_AFTER,  /* applied; the facts it made true came just before */
    MOCK_EVENT_SEND,   /* the answer leaves: error is its first error code; not sent if dropped */
    /* facts; each belongs to the request of the event */
    MOCK_EVENT_APPEND, /* a batch is in the log: topic, partition, batch, offsets */
    MOCK_EVENT_ACK,    /* the answer for one produced partition leaves: error, offset = base offset
                          (-1 when refused), or dropped; text = what is wrong with the batch */
    MOCK_EVENT_SERVE,  /* batches leave to a reader: topic, partition, offset asked for, batch (one
                          event a batch); generation = 1 + isolation level of the Fetch (1:
                          read_uncommitted, 2: read_committed) */
    MOCK_EVENT_COMMIT, /* an OffsetCommit is about to be applied (stage BEFORE: error 0) */
    MOCK_EVENT_COMMITTED, /* accepted or refused: group, topic, partition, offset, error. Of a
                             TxnOffsetCommit: refused at once, accepted when the transaction is
                             committed, then of that request (or of none: api -1); COMMIT was told
                             with the TxnOffsetCommit. Never told when it is aborted */
    MOCK_EVENT_GROUP, /* a change in a group: text = "joined", "stable", …; offset = generation */
    MOCK_EVENT_TOPIC, /* created: topic, partition = number of partitions. text NULL: created;
                         "deleted"; "partitions": it has so many now; "configured". offset, unless
                         created: its min.compaction.lag.ms */
    MOCK_EVENT_LEADER, /* partition leads on broker `broker` */
    MOCK_EVENT_BROKER, /* broker went down or came up: text */
    MOCK_EVENT_CLOCK,  /* advanced by offset ms */
    MOCK_EVENT_FAULT,  /* a fault: name in text; offset = 0 matched, 1 all actions done */
    MOCK_EVENT_CLEAN,  /* a pass over a partition: topic, partition, clean; also one that found
                          nothing  dirty. text = "compact", "retain" or "delete-records" */
    MOCK_EVENT_ROLL, /* a segment was closed on command: topic, partition, offset = base of the new
                        active one */
    MOCK_EVENT_TXN,  /* the transaction of transactional id `group` is now: text = "ongoing",
                        "prepare-commit", "prepare-abort", "complete-commit", "complete-abort",
                        "fenced", "timed-out"; offset = producer id, generation = its epoch. Of a
                        request, unless it timed out */
    MOCK_EVENT_MARKER,    /* a control batch was appended: topic, partition, offset, batch; text =
                             "commit" or "abort". Not told as APPEND */
    MOCK_EVENT_TRUNCATE,  /* a new leader lacks the tail: topic, partition, offset = the log's end
                             from now on; size_bytes = how many records are gone */
    MOCK_EVENT_REPLICATE, /* the high watermark moved behind the log's end, or with replication
                             held: topic, partition, offset = high watermark */
    MOCK_EVENT_DENY,      /* a request was refused for want of a right, or a login failed: text =
                             "User:alice Read Topic:rev" or the reason */
    MOCK_EVENT_KIND_COUNT
};

struct mock_event {
    enum mock_event_kind kind;
    const char *actor;    /* of the connection; the client id where none is known; NULL: nobody's */
    uint32_t incarnation; /* of the actor, from 1; 0: not known */
    uint64_t connection;  /* from 1 */
    uint64_t request;     /* unique in a broker, from 1; 0: none */
    int32_t broker;       /* node id */
    int16_t api;          /* ApiKey; -1: none */
    int16_t version;
    int32_t correlation_id;
    bool dropped; /* SEND, ACK: the answer did not leave (a fault) */
    bool idle;    /* RECV … SEND of a heartbeat or of a fetch that carries no records */
    int16_t error;
    const char *topic;
    int32_t partition;
    int64_t offset;
    const char *group;
    const char *member; /* COMMIT, COMMITTED: member id ("" for a simple commit) */
    int32_t generation;
    struct mock_stored_batch *batch; /* APPEND, SERVE */
    const char *text;
    uint64_t size_bytes; /* RECV, SEND: of the frame */
    const struct mock_clean_report
        *clean; /* CLEAN: borrowed; keep its batches with mock_stored_batch_ref */
};
