/*
 * Questions that tests ask through a peer: ask_X sends, take_X waits for the answer, X does both.
 * An answer's closed says that the connection ended instead. Slices are valid until the next
 * answer.
 */
#pragma once
#include "mock/wire/fetch.h"
#include "mock/wire/metadata.h"
#include "peer.h"

#define ASK_PRODUCE_VERSION 8
#define ASK_FETCH_VERSION 11

/* -- record batches -- */

struct ask_batch {
    int count;           /* 0: one record */
    const char *key;     /* NULL: "k" and the record's number; "" : null key */
    const char *value;   /* NULL: "v" and the number */
    size_t value_bytes;  /* pads the value */
    const char *intent;  /* header ktrial-intent */
    int64_t producer_id; /* 0: none */
    int16_t epoch;
    int32_t sequence;
    int64_t timestamp_ms;
    enum mock_codec codec;
    int16_t attributes;
};
/* One batch, in memory that the next calls reuse (eight are valid at a time). */
struct base_slice ask_batch(const struct ask_batch *options);
#define BATCH(...) ask_batch(&(const struct ask_batch){__VA_ARGS__})
/* Before and after each test: rig_begin and rig_end, and the batches are freed. */
void ask_begin(void);
void ask_end(void);

/* -- produce and fetch -- */

struct produced {
    bool closed;
    int16_t error;
    int64_t base_offset;
    int32_t throttle_ms;
    int32_t bad_record; /* -1: none named */
};
void ask_produce(struct peer *p, int16_t acks, const char *topic, int32_t partition,
                 struct base_slice batch);
struct produced take_produced(struct peer *p);
struct produced take_produced_version(struct peer *p, int16_t version);
struct produced produce(struct peer *p, const char *topic, int32_t partition,
                        struct base_slice batch);
struct produced produce_version(struct peer *p, int16_t version, const char *topic,
                                struct base_slice batch);

struct fetched {
    bool closed;
    int16_t error;
    int32_t partition;
    int64_t high_watermark;
    int64_t log_start;
    struct base_slice records;
    int batches;
    int records_count;
    int64_t first_offset; /* base offset of the first batch; -1 */
    int64_t next_offset;  /* after the last batch; -1 */
    int32_t throttle_ms;
};
struct fetch_options {
    int32_t max_wait_ms;
    int32_t min_bytes;           /* 0: answers at once */
    int32_t max_bytes;           /* 0: 50 MiB */
    int32_t partition_max_bytes; /* 0: 50 MiB */
    int32_t epoch;               /* 0: none asked (-1) */
    int32_t session_id;
};
void ask_fetch(struct peer *p, const char *topic, int32_t partition, int64_t offset,
               const struct fetch_options *options);
struct fetched take_fetched(struct peer *p);
struct fetched fetch(struct peer *p, const char *topic, int32_t partition, int64_t offset);
/* Waits until somebody's request is a parked fetch. */
#define FOREVER_MS 600000

/* -- the others -- */

struct listed {
    bool closed;
    int16_t error;
    int64_t offset, timestamp_ms;
};
struct listed list_offset(struct peer *p, const char *topic, int32_t partition,
                          int64_t timestamp_ms);

struct described {
    bool closed;
    int32_t broker_count;
    int32_t ports[8]; /* by node id; 0: not there */
    int32_t topic_count;
    int16_t error; /* of the one topic */
    int32_t partition_count;
    int32_t leader; /* of partition 0 */
    int32_t leader_epoch;
    int16_t partition_error;
};
/* NULL: all topics. */
struct described describe(struct peer *p, const char *topic);
struct described describe_version(struct peer *p, int16_t version, const char *topic);

struct coordinated {
    bool closed;
    int16_t error;
    int32_t node;
    int32_t port;
};
struct coordinated find_coordinator(struct peer *p, const char *group);

struct initialized {
    bool closed;
    int16_t error;
    int64_t producer_id;
    int16_t epoch;
};
struct initialized init_producer(struct peer *p, const char *transactional_id);

/* -- groups -- */

struct joined {
    bool closed;
    int16_t error;
    int32_t generation;
    char member_id[128];
    bool leads;
    size_t member_count;
    char members[8][128];
};
#define ASK_SESSION_MS 600000
void ask_join(struct peer *p, const char *group, const char *member_id, const char *topic);
struct joined take_joined(struct peer *p);
/* Joins as a new member: takes its id, and asks again; the second answer is not awaited. */
void ask_join_new(struct peer *p, const char *group, const char *topic, char ret_id[128]);

struct synced {
    bool closed;
    int16_t error;
    int32_t partitions; /* assigned, of all topics */
};
/* NULL members: a follower. Each member gets one topic: partitions counts[i] from 0 on. */
void ask_sync(struct peer *p, const char *group, const struct joined *me, const char *topic,
              const int32_t *counts);
struct synced take_synced(struct peer *p);
int16_t heartbeat(struct peer *p, const char *group, const struct joined *me);
int16_t leave(struct peer *p, const char *group, const char *member_id);
/* me NULL: a simple commit. The error. -99: closed. */
void ask_commit(struct peer *p, const char *group, const struct joined *me, const char *topic,
                int32_t partition, int64_t offset);
int16_t commit(struct peer *p, const char *group, const struct joined *me, const char *topic,
               int32_t partition, int64_t offset);
int64_t committed(struct peer *p, const char *group, const char *topic, int32_t partition,
                  int16_t *ret_error);
#define CLOSED_INSTEAD (-99)
/* Asks the broker's ApiVersions, v0; true: it lives. */
bool is_alive(struct peer *p);
