/*
 * What the judges look things up in: one history, read once, as topics, logs, records, keys,
 * intents, actors, groups and stores. Everything is a number into an array; bytes are borrowed from
 * the history, or from what its batches were decompressed to. Built in linear time.
 *
 * Private to this folder (and its tests).
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "fixtures/fixture.h"
#include "harness/check/history.h"
#include "harness/check/table.h"
#include "harness/lang/resolve.h"
#include "harness/lang/tree.h"

#define TRIAL_NONE UINT32_MAX

struct trial_index_topic {
    const char *name;
    const struct trial_real_topic *real; /* NULL: the scenario does not know it */
    int type;                            /* enum fixture_type; -1: plain records */
    bool is_public;
    bool was_cleaned;                    /* a pass went over it */
};

/* A partition of one incarnation of a topic: a topic that is deleted and made again has others. */
struct trial_index_part {
    uint32_t topic;
    int32_t partition;
    uint32_t began;     /* the event with which its incarnation began; 0: the first */
    uint32_t successor; /* the same of the next incarnation; TRIAL_NONE */
    bool is_deleted;    /* with its topic */
    uint32_t *records; /* in log order; those that a pass removed too */
    size_t count;
    size_t cap;
    int64_t start;    /* of the log */
    bool is_cleaned;  /* a pass removed something */
};

/* Why a record is in the log no more. */
enum trial_gone {
    TRIAL_GONE_NOT,
    TRIAL_GONE_CUT, /* the log was cut below it, and written again */
    TRIAL_GONE_COMPACTED,
    TRIAL_GONE_RETAINED, /* too old, or too much */
    TRIAL_GONE_DELETED   /* by DeleteRecords, or with its topic */
};

/* Is it of a transaction, and how did that end? */
enum trial_txn_state {
    TRIAL_TXN_COMMITTED, /* or of none */
    TRIAL_TXN_ABORTED,
    TRIAL_TXN_OPEN /* to the end of the history */
};

/* A record as it was appended. Numbers of records ascend in the order of the appends. */
struct trial_index_record {
    struct base_slice key;
    struct base_slice value;
    struct base_slice headers; /* encoded; header_count of them */
    int64_t offset;
    uint32_t header_count;
    uint32_t part;
    uint32_t key_number;
    uint32_t value_number;  /* of (key, value) */
    uint32_t intent;        /* TRIAL_NONE: nobody's */
    uint32_t event;         /* the append */
    uint32_t next_of_key;   /* the next record of the same key in the topic */
    uint32_t next_copy;     /* the next record of the same intent */
    bool privileged;        /* the copy in the intent's privileged topic */
    enum trial_gone gone;
    uint32_t gone_event;    /* that took it; TRIAL_NONE while it is in the log */
    uint32_t transaction;   /* TRIAL_NONE: none */
    uint32_t ended_event;   /* the marker; TRIAL_NONE */
    enum trial_txn_state state;
};

struct trial_index_key {
    uint32_t topic;
    struct base_slice bytes;
    uint32_t first; /* records */
    uint32_t last;
    uint32_t last_committed; /* TRIAL_NONE: none was */
    bool has_tombstone;
};

enum trial_outcome { TRIAL_OUTCOME_NONE, TRIAL_OUTCOME_OK, TRIAL_OUTCOME_FAILED,
                     TRIAL_OUTCOME_UNKNOWN };

struct trial_index_intent {
    uint64_t id;
    uint32_t event;
    uint32_t actor;
    uint32_t topic;
    uint32_t privileged_topic; /* TRIAL_NONE if it has no privileged copy */
    uint32_t outcome_event;    /* the first; TRIAL_NONE */
    enum trial_outcome outcome;
    uint32_t first_record; /* its copies, in append order */
    uint32_t last_record;
    uint32_t first_copy[2]; /* in the public and in the privileged topic */
    uint32_t copy_count[2];
};

struct trial_index_actor {
    const char *name;
    const struct trial_actor *declared; /* NULL: the scenario does not know it */
    enum trial_role role;
    uint32_t group;   /* of a client */
    uint32_t store;   /* of a client; TRIAL_NONE */
    bool started;
    bool privileged;
    uint32_t first_event; /* TRIAL_NONE: it never did anything */
};

/* A consumer group; a groupless client is a group of its own. Arrays are by record. */
struct trial_index_group {
    const char *name;
    uint32_t store;    /* of its first client; TRIAL_NONE */
    bool *is_source;   /* by topic */
    uint16_t *served;  /* times, at most 65535 */
    uint32_t *processed; /* the first claim's event; TRIAL_NONE */
    uint32_t *skipped;
    uint64_t served_count;
    uint64_t redelivery_count;
    uint64_t claim_count;
    bool latest;       /* a client of it starts at the end */
    bool is_uncommitted_too; /* a client of it has isolation.level = read_uncommitted, or says
                                nothing and asks for records so */
};

struct trial_index_row {
    uint32_t store;
    uint32_t topic;  /* TRIAL_NONE: the store does not say */
    uint32_t event;
    uint32_t next;   /* the next row of the same store, topic and key */
    struct base_slice key;
    struct base_slice value;
};

struct trial_index_store {
    const char *name;
    const struct trial_store *declared;
    uint32_t read_event;  /* TRIAL_NONE: never read */
    const char *problem;  /* why it could not be read; NULL */
    bool is_public;
    bool has_views;
    uint32_t row_count;
};

struct trial_index {
    const struct trial_scenario *scenario;
    const struct trial_history *history;
    struct base_arena arena;
    struct trial_real_topics real_topics;

    struct trial_table topic_names;
    struct trial_index_topic *topics;
    size_t topic_cap;
    struct trial_table part_numbers; /* tag topic, bytes partition */
    struct trial_index_part *parts;
    size_t part_cap;
    struct trial_index_record *records;
    size_t record_count;
    size_t record_cap;
    uint32_t transaction_count;
    struct trial_table key_numbers; /* tag topic, bytes key */
    struct trial_index_key *keys;
    size_t key_cap;
    struct trial_table value_numbers; /* tag key number, bytes value */
    uint32_t *value_first; /* records, by value number */
    uint32_t *value_last;
    size_t value_first_cap;
    size_t value_last_cap;

    struct trial_table intent_numbers; /* tag id */
    struct trial_index_intent *intents;
    size_t intent_cap;
    struct trial_table actor_names;
    struct trial_index_actor *actors;
    size_t actor_cap;
    struct trial_table group_names;
    struct trial_index_group *groups;
    size_t group_cap;
    struct trial_table store_names;
    struct trial_index_store *stores;
    size_t store_cap;
    struct trial_index_row *rows;
    size_t row_count;
    size_t row_cap;
    struct trial_table row_numbers; /* tag (store, topic), bytes key: to row_first */
    uint32_t *row_first;
    size_t row_first_cap;
    struct trial_table views; /* tag request, bytes (part, offset): to view_events */
    uint32_t *view_events;
    size_t view_cap;

    uint8_t **inflated; /* what compressed batches were inflated to */
    size_t inflated_count;
    size_t inflated_cap;
    uint32_t budget_event; /* TRIAL_NONE: the watchdog did not end the run */
    uint64_t step_count;   /* of inner loops: that judging is linear is shown by it */
};

int trial_index_build(const struct trial_scenario *scenario, const struct trial_history *history,
                      struct trial_index **ret_index, struct base_error *err);
void trial_index_free(struct trial_index *index);

static inline const struct trial_event *trial_index_event(const struct trial_index *ix,
                                                          uint32_t event) {
    return trial_history_at(ix->history, event);
}
/* It never was a part of what the log is now: nobody is held to it. */
static inline bool trial_index_is_cut(const struct trial_index_record *record) {
    return record->gone == TRIAL_GONE_CUT;
}
static inline bool trial_index_is_committed(const struct trial_index_record *record) {
    return record->state == TRIAL_TXN_COMMITTED;
}
/* Is the record one that the group's clients are to apply? */
static inline bool trial_group_sees(const struct trial_index_group *group,
                                    const struct trial_index_record *record) {
    return group->is_uncommitted_too || trial_index_is_committed(record);
}
/* The last record of the key that the group sees; TRIAL_NONE. */
static inline uint32_t trial_group_last(const struct trial_index_group *group,
                                        const struct trial_index_key *key) {
    return group->is_uncommitted_too ? key->last : key->last_committed;
}
static inline const struct trial_index_topic *trial_index_topic_of(
    const struct trial_index *ix, const struct trial_index_record *record) {
    return &ix->topics[ix->parts[record->part].topic];
}
/* Numbers by name; TRIAL_NONE when there is none. */
uint32_t trial_index_find_topic(const struct trial_index *ix, const char *name);
/* Of the last incarnation; and of the one that was there at an event. */
uint32_t trial_index_find_part(const struct trial_index *ix, uint32_t topic, int32_t partition);
uint32_t trial_index_part_at(const struct trial_index *ix, uint32_t topic, int32_t partition,
                             uint32_t event);
uint32_t trial_index_find_actor(const struct trial_index *ix, const char *name);
uint32_t trial_index_find_group(const struct trial_index *ix, const char *name);
uint32_t trial_index_find_store(const struct trial_index *ix, const char *name);
uint32_t trial_index_find_key(const struct trial_index *ix, uint32_t topic, struct base_slice key);
/* The first record of the part at or after offset: its place in part->records. */
size_t trial_index_seek(struct trial_index *ix, const struct trial_index_part *part,
                        int64_t offset);
/* The intent's first copy in its public or privileged topic that is committed, and was not cut from
 * the log; TRIAL_NONE. */
uint32_t trial_index_first_committed(const struct trial_index *ix,
                                     const struct trial_index_intent *intent, bool privileged);
/* The record that is or was at exactly that offset, TRIAL_NONE. */
uint32_t trial_index_record_at(struct trial_index *ix, uint32_t part, int64_t offset);
/* The first row of the store for a key of a topic (rows that name no topic count for all). */
uint32_t trial_index_find_row(const struct trial_index *ix, uint32_t store, uint32_t topic,
                              struct base_slice key);
/* The view that was taken for a commit's request of the record at offset; TRIAL_NONE. */
uint32_t trial_index_find_view(const struct trial_index *ix, uint64_t request, uint32_t part,
                               int64_t offset);
/* Same content, as far as a replayed store keeps it. type -1: bytes. */
bool trial_index_same_value(int type, struct base_slice a, struct base_slice b);
/* The first and the last record of the key that carry this value; false if none does. */
bool trial_index_versions(struct trial_index *ix, uint32_t key_number, struct base_slice value,
                          uint32_t *ret_first, uint32_t *ret_last);
/* The same by comparing, from a record of the key on and below limit (TRIAL_NONE: all). */
bool trial_index_walk_version(struct trial_index *ix, uint32_t key_number,
                              struct base_slice value, uint32_t from, uint32_t limit,
                              uint32_t *ret_last);
/* True if the setting is given, and as value. */
bool trial_index_setting_is(const struct trial_settings *settings, const char *name,
                            const char *value);

/* -- parts of the build, in this order (index_*.c) -- */
int trial_index_add_names(struct trial_index *ix, struct base_error *err);
int trial_index_add_log(struct trial_index *ix, struct base_error *err);
/* One pass: called by add_log in the order of the events. */
int trial_index_add_clean(struct trial_index *ix, uint32_t event);
int trial_index_add_intents(struct trial_index *ix, struct base_error *err);
int trial_index_add_readers(struct trial_index *ix, struct base_error *err);
int trial_index_add_stores(struct trial_index *ix, struct base_error *err);
/* Interns a topic (declared or not). */
int trial_index_intern_topic(struct trial_index *ix, const char *name, uint32_t *ret_topic);
int trial_index_intern_part(struct trial_index *ix, const char *topic, int32_t partition,
                            uint32_t *ret_part);
/* The topic is there again since event: its deleted partitions have successors from now on. */
int trial_index_succeed_part(struct trial_index *ix, uint32_t part, uint32_t event);
