/* Which topics a client reads: the types of its journals, plain topics, patterns. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "client/group.h"

#define ALL_TYPES ((1u << JOURNAL_TYPE_COUNT) - 1u)
/* The wait between two questions for the partitions of a topic that has none yet. */
#define RETRY_SLICE_MS 100

static bool exists(const struct rd_kafka_metadata *metadata, const char *topic) {
    for (int i = 0; i < metadata->topic_cnt; i++) {
        if (strcmp(metadata->topics[i].topic, topic) == 0) {
            return metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR ||
                   metadata->topics[i].err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
        }
    }
    return false;
}

static int ask(struct journal_client *client, const struct rd_kafka_metadata **ret_metadata,
               struct base_error *err) {
    rd_kafka_resp_err_t error =
        rd_kafka_metadata(client->rk, 1, NULL, ret_metadata, client->ready_timeout_ms);
    return error ? base_fail(err, BASE_IO, "the brokers do not name their topics: %s",
                             rd_kafka_err2name(error))
                 : 0;
}

/* Takes name over. */
static int add_topic(struct journal_client *client, char *name, int type, bool privileged,
                     struct base_error *err) {
    for (size_t i = 0; i < client->topic_count; i++) {
        if (strcmp(client->topics[i].name, name) == 0) {
            base_free(name); /* of two sources */
            return 0;
        }
    }
    if (base_grow((void **)&client->topics, &client->topic_cap, client->topic_count + 1,
                  sizeof(*client->topics))) {
        base_free(name);
        return base_fail(err, BASE_NO_MEMORY, "no memory for topics");
    }
    client->topics[client->topic_count++] = (struct journal_topic){name, type, privileged};
    return 0;
}

/* The privileged topic if it may and there is one, else the public one. */
static int find_topic(struct journal_client *client, const struct rd_kafka_metadata *metadata,
                      const char *prefix, enum journal_type type, bool *ret_found,
                      struct base_error *err) {
    for (int attempt = client->is_privileged ? 0 : 1; attempt < 2; attempt++) {
        bool privileged = attempt == 0;
        char *name = journal_topic_name(prefix, privileged, type);
        if (!name) {
            return base_fail(err, BASE_NO_MEMORY, "no memory for topics");
        }
        if (exists(metadata, name)) {
            *ret_found = true;
            if (client->is_privileged && !privileged && journal_type_is_anonymized(type)) {
                journal_log(&client->logger, 4,
                            "client: there is no privileged topic of %s: reading %s",
                            journal_type_to_str(type), name);
            }
            return add_topic(client, name, type, privileged, err);
        }
        base_free(name);
    }
    *ret_found = false;
    return 0;
}

static int find_journal(struct journal_client *client, const struct rd_kafka_metadata *metadata,
                        const struct journal_source *source, struct base_error *err) {
    size_t found_count = 0;
    char missing[256] = "";
    for (int type = 0; type < JOURNAL_TYPE_COUNT; type++) {
        if (!((source->types ? source->types : ALL_TYPES) & (1u << type))) {
            continue;
        }
        bool found = false;
        int code = find_topic(client, metadata, source->prefix, type, &found, err);
        if (code) {
            return code;
        }
        found_count += found;
        if (!found && source->types) {
            size_t len = strlen(missing);
            (void)snprintf(missing + len, sizeof(missing) - len, "%s%s", len ? ", " : "",
                           journal_type_to_str(type));
        }
    }
    if (missing[0]) {
        return base_fail(err, BASE_NOT_FOUND, "the brokers have no topic of prefix %s for type %s",
                         source->prefix, missing);
    }
    if (found_count == 0) {
        return base_fail(err, BASE_NOT_FOUND, "the prefix %s matches no topic of the brokers",
                         source->prefix);
    }
    return 0;
}

static int find_journals(struct journal_client *client,
                         const struct journal_client_options *options, struct base_error *err) {
    const struct rd_kafka_metadata *metadata = NULL;
    int code = 0;
    for (size_t i = 0; i < options->source_count && !code; i++) {
        if (options->sources[i].kind != JOURNAL_SOURCE_JOURNAL) {
            continue;
        }
        code = metadata ? 0 : ask(client, &metadata, err);
        code = code ? code : find_journal(client, metadata, &options->sources[i], err);
    }
    if (metadata) {
        rd_kafka_metadata_destroy(metadata);
    }
    return code;
}

static rd_kafka_topic_partition_list_t *wanted(struct journal_client *client,
                                               const struct journal_client_options *options) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
    for (size_t i = 0; i < client->topic_count; i++) {
        rd_kafka_topic_partition_list_add(list, client->topics[i].name, RD_KAFKA_PARTITION_UA);
    }
    for (size_t i = 0; i < options->source_count; i++) {
        const struct journal_source *source = &options->sources[i];
        const char *name = source->kind == JOURNAL_SOURCE_TOPIC     ? source->topic
                           : source->kind == JOURNAL_SOURCE_PATTERN ? source->pattern
                                                                    : NULL;
        if (name && !rd_kafka_topic_partition_list_find(list, name, RD_KAFKA_PARTITION_UA)) {
            rd_kafka_topic_partition_list_add(list, name, RD_KAFKA_PARTITION_UA);
        }
    }
    return list;
}

/* Adds every partition of one topic; the number of them, 0 if there is none yet. */
static int add_partitions(struct journal_client *client, const char *topic,
                          rd_kafka_topic_partition_list_t *list, int timeout_ms) {
    rd_kafka_topic_t *rkt = rd_kafka_topic_new(client->rk, topic, NULL);
    const struct rd_kafka_metadata *metadata = NULL;
    int count = 0;
    if (rkt && !rd_kafka_metadata(client->rk, 0, rkt, &metadata, timeout_ms)) {
        count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
        for (int i = 0; i < count; i++) {
            rd_kafka_topic_partition_list_add(list, topic, metadata->topics[0].partitions[i].id)
                ->offset = client->first_offset == RD_KAFKA_OFFSET_INVALID
                               ? RD_KAFKA_OFFSET_BEGINNING
                               : client->first_offset;
        }
        rd_kafka_metadata_destroy(metadata);
    }
    if (rkt) {
        rd_kafka_topic_destroy(rkt);
    }
    return count;
}

/* Without a group: all partitions that there are now. */
static int assign_all(struct journal_client *client, rd_kafka_topic_partition_list_t *topics,
                      struct base_error *err) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
    uint64_t deadline =
        base_clock_monotonic_ns() + (uint64_t)client->ready_timeout_ms * 1000000u;
    int code = 0;
    for (int i = 0; i < topics->cnt && !code; i++) {
        while (add_partitions(client, topics->elems[i].topic, list, client->ready_timeout_ms) ==
               0) {
            if (base_clock_monotonic_ns() >= deadline) {
                code = base_fail(err, BASE_NOT_FOUND, "topic %s has no partition",
                                 topics->elems[i].topic);
                break;
            }
            (void)rd_kafka_poll(client->rk, RETRY_SLICE_MS);
        }
    }
    if (!code) {
        journal_client_note_assigned(client, list);
        journal_client_find_ends(client, list);
        rd_kafka_resp_err_t error = rd_kafka_assign(client->rk, list);
        code = error ? base_fail(err, BASE_IO, "assign: %s", rd_kafka_err2name(error)) : 0;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

int journal_client_subscribe(struct journal_client *client,
                             const struct journal_client_options *options,
                             struct base_error *err) {
    for (size_t i = 0; i < options->source_count; i++) {
        const struct journal_source *source = &options->sources[i];
        if (source->kind == JOURNAL_SOURCE_PATTERN) {
            if (source->pattern[0] != '^') {
                return base_fail(err, BASE_USAGE, "the pattern %s does not begin with ^",
                                 source->pattern);
            }
            if (!options->group) {
                return base_fail(err, BASE_UNSUPPORTED, "a pattern needs a group");
            }
        }
    }
    int code = find_journals(client, options, err);
    if (code) {
        return code;
    }
    rd_kafka_topic_partition_list_t *list = wanted(client, options);
    for (int i = 0; i < list->cnt && !code; i++) {
        const char *name = list->elems[i].topic;
        code = name[0] == '^' ? 0 : journal_client_hold_topic(client, name, err);
    }
    if (code) {
        rd_kafka_topic_partition_list_destroy(list);
        return code;
    }
    if (list->cnt == 0) {
        code = base_fail(err, BASE_USAGE, "nothing to read: no journal, topic or pattern");
    } else if (client->has_group) {
        rd_kafka_resp_err_t error = rd_kafka_subscribe(client->rk, list);
        code = error ? base_fail(err, BASE_USAGE, "subscribe: %s", rd_kafka_err2name(error)) : 0;
    } else {
        code = assign_all(client, list, err);
    }
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}
