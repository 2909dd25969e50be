/*
 * Wrong twins: writers and clients with one deliberate fault each, for the self-test. A judge that
 * cannot convict them is not a judge. They speak the actors' JSON lines (src/tool/README.md) and use
 * nothing of libjournal.
 */
#pragma once
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdatomic.h>
#include <stdbool.h>

struct twin_config {
    json_t *root;          /* KTRIAL_CONFIG */
    const char *store;     /* path of the SQLite store; NULL */
    const char *group;     /* NULL */
    const char *dead_letter;
    bool privileged;
};

/* Reads KTRIAL_CONFIG; exits with 64 and a sentence if that cannot be done. */
void twin_config_read(struct twin_config *ret_config);
/* A configuration with KTRIAL_BOOTSTRAP, quick settings and those of the actor that do not begin
 * with "journal.". */
rd_kafka_conf_t *twin_kafka_conf(const struct twin_config *config);
/* Real topics of the targets (privileged copies where config says so); owned by the caller. */
rd_kafka_topic_partition_list_t *twin_topics(const struct twin_config *config);
/* One line on standard output; takes the object. Any thread. */
void twin_say(json_t *event);
/* Decoded base64 (malloc'd, zero-terminated), NULL for JSON null or nothing. */
void *twin_bytes(const json_t *text, size_t *ret_len);
/* The next command from standard input; NULL at its end. Owned by the caller. */
json_t *twin_command(void);

int twin_writer(bool ignores_failures);
enum twin_client_fault { TWIN_COMMITS_FIRST, TWIN_DEAD_LETTERS_RAW };
int twin_client(enum twin_client_fault fault);
