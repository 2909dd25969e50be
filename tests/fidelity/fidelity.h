/*
 * The fidelity suite: exchanges of the raw protocol, each written once with the answer that
 * Apache Kafka gives, run against our broker, against librdkafka's bare mock cluster, and against
 * a real Kafka.
 *
 * A case is text (cases/, see README.md): steps of a verb and its arguments, "=>", and the words
 * that the answer has to have. cases.c reads them, server.c starts what answers, run.c carries
 * out one case over peer.c, and step_*.c know the verbs.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/builder.h"
#include "base/reader.h"
#include "base/slice.h"
#include "mock/wire/frame.h"
#include "mock/wire/message.h"

/* Named pairs of a step or of a topic: name=value. */
struct fid_pair {
    const char *name;
    const char *value;
};

#define FID_MAX_PAIRS 24
struct fid_step {
    int line;
    const char *verb;
    bool send;          /* "send VERB": the answer is taken by a later "await" */
    const char *expect; /* words, or NULL: any answer */
    struct fid_pair pairs[FID_MAX_PAIRS];
    size_t pair_count;
};

enum fid_target { FID_OURS, FID_BARE, FID_ORACLE, FID_TARGET_COUNT };

struct fid_case {
    const char *file;
    int line;
    const char *claim;
    const char *from;    /* where the expectation comes from */
    const char *differs; /* why our broker answers otherwise; NULL: it does not */
    bool ours_only;      /* a setting of ours stands for another Kafka */
    const char *alone;   /* why Kafka must not be asked other cases beside it; NULL: it may */
    bool logins;         /* connections 1 to 4 are of a listener with SASL (users: README.md) */
    bool no_topic;
    int32_t partitions;
    struct fid_pair configs[8]; /* of its topic */
    size_t config_count;
    struct fid_pair settings[4]; /* of our broker: for what stands for another version of Kafka */
    size_t setting_count;
    struct fid_step *steps;
    size_t step_count;
};

struct fid_cases {
    struct fid_case *items;
    size_t count;
    size_t cap;
    struct base_arena arena;
};

/* -- cases.c -- */

/* Adds the cases of a file. 0, or -1 after saying what is wrong with it. */
int fid_cases_read(struct fid_cases *cases, const char *path);
/* The same of what is open; path is what it is called. */
int fid_cases_read_from(struct fid_cases *cases, FILE *in, const char *path);
void fid_cases_clean_up(struct fid_cases *cases);

/* -- server.c -- */

/* What a broker of ours shares with who started it, where its memory runs out (memory.c). */
struct fid_memory {
    uint64_t fails_at;    /* so many allocations after it serves, one fails */
    atomic_bool failed;   /* it did, as far as the broker's loop has told */
    atomic_int left;      /* allocations that it left behind */
};

struct fid_server {
    int pid; /* 0: not ours to end */
    struct fid_memory *memory; /* NULL: it does not run out */
    uint16_t port;
    uint16_t sasl_port; /* of the listener with SASL; 0: it has none */
    char host[256];
};
/* A server of its own for one case, with the topic of that name; the real Kafka is only looked up.
 * memory: shared, or NULL. To be called without threads. 0, or -1 after saying why. */
int fid_server_start(struct fid_server *server, enum fid_target target, const char *oracle,
                     const struct fid_case *c, const char *topic, struct fid_memory *memory);
void fid_server_stop(struct fid_server *server);
/* For one of ours with memory: asks it to close its broker and to end. True: it did. */
bool fid_server_end(struct fid_server *server);
/* False: it ended by itself (the bare mock aborts). */
bool fid_server_lives(struct fid_server *server);

/* -- peer.c: one connection -- */

enum fid_got { FID_GOT_FRAME, FID_GOT_CLOSED, FID_GOT_TIMEOUT };

#define FID_MAX_SENT 32
struct fid_peer {
    int fd; /* -1: not open */
    struct mock_frame_splitter splitter;
    struct base_builder out;
    size_t slot;
    /* Requests that are not answered yet. */
    struct {
        int16_t api, version;
        int32_t correlation_id;
        const struct fid_step *step;
        const struct fid_verb *verb;
    } sent[FID_MAX_SENT];
    size_t sent_count, taken_count;
    int32_t last_correlation_id;
};
bool fid_peer_open(struct fid_peer *p, const struct fid_server *server, bool sasl);
void fid_peer_close(struct fid_peer *p);
void fid_peer_send(struct fid_peer *p, struct base_slice bytes);
enum fid_got fid_peer_await(struct fid_peer *p, int patience_ms, struct base_slice *ret_frame);

/* -- run.c -- */

/* A topic's id, as Metadata told it last. */
#define FID_TOPIC_IDS 8
struct fid_topic_id {
    char name[256];
    struct mock_uuid id;
};

#define FID_PEERS 6
#define FID_MEMBERS 8
struct fid_member {
    char name[16]; /* empty: free */
    char id[128];
    int32_t generation;
    int64_t producer_id;
    int16_t epoch;
};

struct fid_watch;
struct fid_run {
    const struct fid_case *c;
    const struct fid_watch *watch; /* NULL: nobody looks on */
    enum fid_target target;
    struct fid_server server;
    const char *unique; /* the name of its topic, its group, and so on */
    int64_t now_ms;     /* timestamps are told relative to it */
    int patience_ms;
    struct fid_peer peers[FID_PEERS];
    struct fid_member members[FID_MEMBERS];
    struct mock_uuid topic_id; /* of its topic, once an answer has told it */
    struct fid_topic_id topic_ids[FID_TOPIC_IDS];
    size_t topic_id_count;
    int32_t fetch_session;    /* as Fetch told it last */
    struct base_arena arena;  /* of the case */
    struct base_builder said; /* the words of the answer */
    char token[2048];         /* the last one of a login */
};

struct fid_verb {
    const char *name;
    int16_t api;
    int16_t version;      /* unless the step says */
    int16_t bare_version; /* the same for librdkafka 2.0.2's mock cluster, which has no later one */
    void (*ask)(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                int16_t version);
    void (*say)(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                int16_t version);
};

/* The result of one case: the words of its first wrong answer. */
struct fid_result {
    bool ran;
    bool passed;
    bool crashed; /* the server ended */
    int line;
    char said[900];
};
void fid_run_case(const struct fid_case *c, enum fid_target target, const char *oracle,
                  const char *unique, struct fid_result *ret_result);
/* The parts of it. */
void fid_run_init(struct fid_run *run, const struct fid_case *c, enum fid_target target,
                  const char *unique);
void fid_run_clean_up(struct fid_run *run);
/* Are these words (of a step's expect) in the last answer? */
bool fid_run_said(struct fid_run *run, const char *words);
void fid_run_tell(struct fid_run *run, int line, struct fid_result *result);

/* -- memory.c -- */
/* Runs a case against ours again and again; each time another allocation of the broker fails: the
 * n-th, n + stride, … until the case passes untouched, which it then has to. Each time the broker
 * has to live, to answer each step or to close the connection, to serve others afterwards, and to
 * leave nothing behind. */
void fid_memory_case(const struct fid_case *c, const char *unique, unsigned stride,
                     struct fid_result *ret_result);

/* Someone who looks on: after each step, whose words are in run->said, whatever was expected of it.
 * It may ask more (fid_carry_out, fid_settle) before the next step. */
struct fid_watch {
    void (*told)(struct fid_run *run, size_t step);
    int patience_ms; /* for one answer */
    void *arg;
};
void fid_run_watched(const struct fid_case *c, enum fid_target target, const char *oracle,
                     const char *unique, const struct fid_watch *watch,
                     struct fid_result *ret_result);

/* One step, until it is answered as its argument until= says; its words are in run->said. */
void fid_carry_out(struct fid_run *run, const struct fid_step *step);
/* Every word is among those said last, and none that begins with a '!'. */
bool fid_has_said(struct fid_run *run, const char *words);

/* -- oracle.c: what a real Kafka, which cases share, needs around a case -- */

/* Its coordinators are there, and the case's topic with its leaders. */
bool fid_oracle_prepare(struct fid_run *run);
/* Waits until what that step set going has come about: metadata that brokers have not heard of,
 * markers of a transaction, a request that was only sent (of any target). Leaves what the case
 * knows as it is. */
void fid_settle(struct fid_run *run, const struct fid_step *step);
/* Takes away what the case left: its topics, its ACLs. */
void fid_oracle_leave(struct fid_run *run);

/* For the verbs. An argument with $t (topic), $g (group) put in; def if it is not there. */
const char *fid_str(struct fid_run *run, const struct fid_step *step, const char *name,
                    const char *def);
bool fid_has(const struct fid_step *step, const char *name);
/* A number; a leading + counts from the run's time. */
int64_t fid_num(struct fid_run *run, const struct fid_step *step, const char *name, int64_t def);
/* Null for the word "null". */
struct base_slice fid_slice(struct fid_run *run, const struct fid_step *step, const char *name,
                            const char *def);
/* The items of a list a,b,c; a list that is not there has none. */
struct base_slice *fid_list(struct fid_run *run, const struct fid_step *step, const char *name,
                            const char *def, size_t *ret_count);
int32_t *fid_numbers(struct fid_run *run, const struct fid_step *step, const char *name,
                     const char *def, size_t *ret_count);
/* The member (or producer) that the step names; made if there is none. */
struct fid_member *fid_member(struct fid_run *run, const struct fid_step *step, const char *arg);
void fid_say_error(struct fid_run *run, const char *prefix, int16_t code);
/* Text with blanks made underscores. */
void fid_say_text(struct fid_run *run, const char *name, struct base_slice text);
void fid_say_time(struct fid_run *run, const char *name, int64_t time_ms);

/* step_ids.c: ids of topics. Remembers one. */
void fid_topic_id_keep(struct fid_run *run, struct base_slice name, const struct mock_uuid *id);
/* Of the topic that the argument id names, else of that of the argument topic: zero for "none", one
 * that no topic has for "unknown". */
struct mock_uuid fid_step_id(struct fid_run *run, const struct fid_step *step);
void fid_say_id(struct fid_run *run, const struct mock_uuid *id);

/* step_embedded.c: what consumers embed in the requests of classic groups. */
struct base_slice fid_subscription(struct fid_run *run, const struct fid_step *step);
struct base_slice fid_assignment(struct fid_run *run, const struct fid_step *step,
                                 struct base_slice partitions);
void fid_say_given(struct fid_run *run, struct base_slice bytes);

/* -- step_*.c: the verbs -- */
const struct fid_verb *fid_verb_find(const char *name);
extern const struct fid_verb fid_verbs_data[], fid_verbs_cluster[], fid_verbs_group[],
    fid_verbs_group_admin[], fid_verbs_consumer[], fid_verbs_txn[], fid_verbs_admin[],
    fid_verbs_security[];
/* step_fetch.c */
void fid_ask_fetch(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                   int16_t version);
void fid_say_fetch(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                   int16_t version);
/* step_batch.c: the record batch that a produce step describes. */
struct base_slice fid_batch(struct fid_run *run, const struct fid_step *step);
/* Appends the content as an LZ4 frame of that kind (lz4_frame.c has them); false: there is none. */
bool fid_put_lz4_frame(struct base_builder *out, const char *kind, struct base_slice content);
