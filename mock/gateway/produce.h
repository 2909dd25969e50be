/*
 * What the files of Produce share (handle_produce.c: decode, apply, finish; produce_check.c: what
 * is refused before anything is appended; produce_refusal.c: how Kafka words it; produce_ask.c: the
 * mock cluster's word; produce_append.c: sequence, transaction, log; produce_store.c: what the
 * topic makes of the batch; produce_wait.c: acks=all; produce_answer.c: the answer). Nobody else
 * includes this.
 */
#pragma once
#include "mock/gateway/handlers.h"

#define MOCK_ACKS_ALL (-1)

/* One produced partition. */
struct mock_produced {
    struct base_slice topic_name;
    struct mock_topic *topic; /* NULL: unknown */
    int32_t index;
    struct base_slice records; /* once they were checked: exactly one batch */
    struct mock_batch_header batch;
    int16_t error;
    bool refused_in_log;       /* for what the batch is, when Kafka would append it */
    const char *reason;        /* why, in our words; of the arena; NULL: the error says it */
    struct base_slice message; /* why, in Kafka's words; null: it has none */
    struct mock_produce_record_error *bad_records; /* of the arena */
    size_t bad_record_count;
    int64_t base_offset;
    int64_t log_start;
    int64_t timestamp; /* log append time: -1 with CreateTime */
    int64_t required;  /* acks=all: the high watermark that is waited for */
    bool waits;        /* for it */
    struct mock_stored_batch
        *appended; /* referenced: a pass may take it from the log; NULL: none */
};

struct mock_produce_work {
    struct mock_produced *parts;
    size_t count;
    uint64_t asked_generation; /* of the mock cluster */
};

/* -- produce_check.c -- */
/* What refuses the request as a whole (KafkaApis.handleProduceRequest, before it looks at
 * partitions): 0, or the error; *ret_message: Kafka's sentence, null where it has none. */
int16_t mock_produce_check_request(struct mock_request *r, struct base_slice *ret_message);
/* May the topic be produced to by whoever asks? */
int16_t mock_produce_check_topic(struct mock_request *r, const struct mock_produce_topic *topic);
/* Sets the error of a partition that is refused, and its topic. Returns what refuses the whole
 * request because of this partition, or 0. */
int16_t mock_produce_check(struct mock_request *r, struct mock_produced *p);
/* Partition.appendRecordsToLeader: leader, min.insync.replicas. */
int16_t mock_produce_check_leader(const struct mock_request *r, const struct mock_topic *topic,
                                  int32_t partition);
/* The largest batch that the topic takes. */
size_t mock_produce_max_bytes(const struct mock_broker *broker, const struct mock_topic *topic);
/* An append is refused; the start of the log is told with errors with which Kafka tells it. */
void mock_produce_refuse_append(struct mock_produced *p, int16_t error);

/* -- produce_refusal.c -- */
/* Names each record that the rules find fault with (mock_record_judge), and says so in Kafka's
 * words. */
void mock_produce_name_records(struct mock_request *r, struct mock_produced *p,
                               const struct mock_batch_rules *rules, int64_t now_ms,
                               int32_t bad_records);
/* A batch that cannot be read: what mock_batch_look found. */
struct base_slice mock_produce_unreadable(struct mock_request *r, struct base_slice records,
                                          int code);

/* -- produce_ask.c -- */
/* Has the mock cluster accepted all of it before, and was given no command since? */
bool mock_produce_would_accept(const struct mock_request *r);
/* Asks it; ends in mock_request_finish, or the request fails. */
void mock_produce_ask(struct mock_request *r);

/* -- produce_append.c -- */
void mock_produce_append(struct mock_request *r, struct mock_produced *p);
/* A batch that was refused for what it is: had it been refused for its transaction first? */
void mock_produce_verify_refused(struct mock_request *r, struct mock_produced *p);

/* -- produce_wait.c -- */
/* Looks at the partitions that wait. True: none does any more. */
bool mock_produce_is_replicated(struct mock_request *r);
void mock_produce_wait(struct mock_request *r);
void mock_produce_stop_waiting(struct mock_request *r);

/* -- produce_answer.c -- */
void mock_produce_answer(struct mock_request *r);
/* The same error and message for every partition. */
void mock_produce_answer_all(struct mock_request *r, int16_t error, struct base_slice message);

/* -- produce_store.c -- */
/* The codec in which the topic keeps the batch. */
enum mock_codec mock_produce_codec(const struct mock_log_config *config,
                                   const struct mock_batch_header *header);
