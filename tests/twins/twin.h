/*
 * Wrong twins: writers and clients with one deliberate fault each, for the self-test. A judge that
 * cannot convict them is not a judge. They speak the actors' JSON lines (src/tool/README.md) and
 * use nothing of libjournal; what they know of objects is the fixtures' knowledge.
 */
#pragma once
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/slice.h"

enum twin_fault {
    /* writers */
    TWIN_IGNORES_FAILURES,
    TWIN_REPORTS_FAILED,
    TWIN_KEEPS_SILENT,
    TWIN_SENDS_TWICE,
    TWIN_RESENDS,
    TWIN_SWAPS_ORDER,
    TWIN_ANONYMIZES_NOTHING,
    TWIN_FORGETS_PRIVILEGED,
    TWIN_FORGETS_TOMBSTONE,
    TWIN_WRITES_GARBAGE,
    TWIN_CALLS_ABORTED_OK,
    /* clients */
    TWIN_COMMITS_FIRST,
    TWIN_DEAD_LETTERS_RAW,
    TWIN_SKIPS_THIRD,
    TWIN_IGNORES_DELETES,
    TWIN_RESURRECTS,
    TWIN_APPENDS_ROWS,
    TWIN_INVENTS_ROW,
    TWIN_STARTS_OVER,
    TWIN_REPLAYS_ONE,
    TWIN_REFUSES_OWNERS,
    TWIN_DIES_OF_OWNERS,
    TWIN_DISTRUSTS_GAP,
    TWIN_DIES_OF_GAP,
    TWIN_KEEPS_FIRST,
    TWIN_DIES_OF_UNSEEN,
    TWIN_SHOWS_ABORTED,
    TWIN_COMMITS_APART,
    TWIN_COMMITS_EARLY
};

struct twin_config {
    json_t *root;          /* KTRIAL_CONFIG */
    const char *store;     /* path of the SQLite store; NULL */
    const char *group;     /* NULL */
    const char *dead_letter;
    bool privileged;
};

/* -- protocol.c -- */

/* Ends the process at once, from any thread. exit() would wait, with glibc 2.41, for the lock of
 * standard input, which the thread that reads the commands holds. */
_Noreturn void twin_end(int status);

/* Reads KTRIAL_CONFIG; exits with 64 and a sentence if that cannot be done. */
void twin_config_read(struct twin_config *ret_config);
/* A configuration with KTRIAL_BOOTSTRAP, quick settings and those of the actor that do not begin
 * with "journal.". */
rd_kafka_conf_t *twin_kafka_conf(const struct twin_config *config);
void twin_kafka_set(rd_kafka_conf_t *conf, const char *name, const char *value);
/* Real topics of the targets (privileged copies where config says so); owned by the caller. */
rd_kafka_topic_partition_list_t *twin_topics(const struct twin_config *config);
/* The target of that name; NULL. */
const json_t *twin_target(const struct twin_config *config, const char *name);
/* One line on standard output; takes the object. Any thread. */
void twin_say(json_t *event);
/* Decoded base64 (freed with base_free, zero-terminated), NULL for JSON null or nothing. */
void *twin_bytes(const json_t *text, size_t *ret_len);
/* The next command from standard input; NULL at its end. Owned by the caller. */
json_t *twin_command(void);
bool twin_command_is(const json_t *command, const char *what);

/* -- store.c -- */

struct sqlite3;
/* The store at path, its tables made; NULL for a NULL path. */
struct sqlite3 *twin_store_open(const char *path, enum twin_fault fault);
void twin_store_close(struct sqlite3 *db);
/* The effect of one record, with the fault. */
void twin_store_apply(struct sqlite3 *db, enum twin_fault fault, const rd_kafka_message_t *m);

/* -- copier.c -- */

/* A producer with the transactional id of the actor's settings. */
rd_kafka_t *twin_copier_open(const struct twin_config *config);
/* A transaction that holds the copy of one record; and its end. */
void twin_copier_begin(rd_kafka_t *producer, const struct twin_config *config,
                       const rd_kafka_message_t *m);
void twin_copier_commit(rd_kafka_t *producer);

/* -- ownership.c -- */

/* False: the record is not applied, because it gives what another member has not given up. */
bool twin_owner_accepts(enum twin_fault fault, const rd_kafka_message_t *m);

/* -- object.c -- */

/* One record that a write of an object becomes. Freed with base_free. */
struct twin_copy {
    char topic[512];
    void *key;
    size_t key_len;
    void *value;
    size_t value_len;
};
/* The public copy of what a command says, and the privileged one (its topic empty if there is
 * none). False: the command or the object is wrong. */
bool twin_object_copies(const struct twin_config *config, const json_t *command,
                        enum twin_fault fault, struct twin_copy *ret_public,
                        struct twin_copy *ret_privileged);
void twin_copy_clean_up(struct twin_copy *copy);

int twin_writer(enum twin_fault fault);
int twin_client(enum twin_fault fault);
