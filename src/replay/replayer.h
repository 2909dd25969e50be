/*
 * The replayer: a client's worker that applies records to a SQLite database, each batch and the
 * offsets it covers in one transaction. Without a store it only reports (`journal consume`).
 *
 * A record applies only if it is newer than what its row came from, so a redelivery changes
 * nothing; a delete keeps its row, without a value, so that no older record brings the value back.
 * A record whose effect keeps failing goes to the dead-letter topic, acknowledged before its
 * offset is committed; without such a topic the replayer stops: it never drops one silently.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/attrs.h"
#include "base/error.h"
#include "client/client.h"

enum journal_point {
    JOURNAL_POINT_BEFORE_EFFECT, /* one attempt at one record */
    JOURNAL_POINT_AFTER_EFFECT,  /* the effect of one record is durable */
    JOURNAL_POINT_BEFORE_COMMIT, /* of one partition; offset is the one to be committed */
    JOURNAL_POINT_COUNT
};
/* "before-effect", …; journal_point_find gives -1 for another name. */
const char *journal_point_to_str(enum journal_point point);
int journal_point_find(const char *name);

#define JOURNAL_ERROR_NAME_BYTES 64

/* What a point answers. */
enum journal_answer {
    JOURNAL_ANSWER_GO,
    JOURNAL_ANSWER_FAIL, /* as if the store had raised the error whose name is in ret_error */
    JOURNAL_ANSWER_STOP  /* leave the rest undone: it is not processed and not committed */
};
typedef enum journal_answer journal_point_fn(void *arg, enum journal_point point,
                                             const char *topic, int32_t partition, int64_t offset,
                                             char ret_error[JOURNAL_ERROR_NAME_BYTES]);

/* What became of a record; told when it is durable. */
struct journal_report {
    const struct journal_message *message;
    const char *reason; /* NULL: applied; else why it was skipped */
};
typedef void journal_report_fn(void *arg, const struct journal_report *report);

struct journal_replayer_options {
    /* worker, start, before_commit and arg are not looked at. Its strings must live as long as the
     * replayer: the dead-letter writer is made from them when it is needed. */
    struct journal_client_options client;
    const char *store_path;               /* NULL: no store */
    journal_point_fn *point;              /* may be NULL: never wait */
    journal_report_fn *report;            /* may be NULL */
    void *arg;
};

struct journal_replayer;

int journal_replayer_new(const struct journal_replayer_options *options,
                         struct journal_replayer **ret_replayer, struct base_error *err)
    BASE_MUST_USE;
/* The client that it drives: step, wake and close that. */
struct journal_client *journal_replayer_client(struct journal_replayer *replayer);
/* Records applied or skipped so far. */
uint64_t journal_replayer_processed(const struct journal_replayer *replayer);
/* True once a point has answered JOURNAL_ANSWER_STOP. */
bool journal_replayer_is_stopped(const struct journal_replayer *replayer);
void journal_replayer_free(struct journal_replayer *replayer);
