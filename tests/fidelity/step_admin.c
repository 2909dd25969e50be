/*
 * The verbs of administration: create-topic, delete-topic, add-partitions, delete-records, configs,
 * alter, cluster, log-dirs, elect, reassign, reassigning, config-resources.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fidelity.h"
#include "mock/wire/alter_configs.h"
#include "mock/wire/alter_partition_reassignments.h"
#include "mock/wire/api.h"
#include "mock/wire/create_partitions.h"
#include "mock/wire/create_topics.h"
#include "mock/wire/delete_records.h"
#include "mock/wire/delete_topics.h"
#include "mock/wire/describe_cluster.h"
#include "mock/wire/describe_configs.h"
#include "mock/wire/describe_log_dirs.h"
#include "mock/wire/elect_leaders.h"
#include "mock/wire/incremental_alter_configs.h"
#include "mock/wire/list_config_resources.h"
#include "mock/wire/list_partition_reassignments.h"

static bool good(struct fid_run *run, int code) {
    if (code != 0) {
        base_put_str(&run->said, "malformed ");
    }
    return code == 0;
}

/* Settings have dots in their names, arguments of steps do not; "set=NAME=VALUE" is one, too. */
static bool read_setting(struct fid_run *run, const struct fid_pair *pair,
                         struct base_slice *ret_name, struct base_slice *ret_value) {
    const char *name = pair->name;
    const char *value = pair->value;
    if (strcmp(name, "set") == 0) {
        const char *equals = strchr(value, '=');
        name = base_arena_strndup(&run->arena, value, equals ? (size_t)(equals - value) : 0);
        value = equals ? equals + 1 : value;
    } else if (!strchr(name, '.') && strcmp(name, "preallocate") != 0) {
        return false;
    }
    *ret_name = base_slice_str(name);
    *ret_value = strcmp(value, "null") == 0 ? BASE_SLICE_NULL : base_slice_str(value);
    return true;
}

/* "1/2;2/1": the brokers of one partition after the other. */
static size_t read_assignments(struct fid_run *run, const char *text,
                               struct mock_create_partitions_assignment *ret, size_t cap) {
    size_t count = 0;
    while (text && *text && count < cap) {
        struct mock_create_partitions_assignment *a = &ret[count++];
        a->brokers = base_arena_alloc_array(&run->arena, 8, sizeof(*a->brokers));
        a->broker_count = 0;
        while (a->brokers && *text && *text != ';' && a->broker_count < 8) {
            char *end;
            long id = strtol(text, &end, 10);
            if (end != text) {
                a->brokers[a->broker_count++] = (int32_t)id;
            }
            text = end == text ? text + 1 : end;
            text += *text == '/';
        }
        text += *text == ';';
    }
    return count;
}

#define MAX_PARTITIONS 8

/* The topics that a step names; twice=yes: each two times. */
static struct base_slice *read_topics(struct fid_run *run, const struct fid_step *step,
                                      size_t *ret_count) {
    size_t count = 0;
    struct base_slice *names = fid_list(run, step, "topic", "$t", &count);
    struct base_slice *both = base_arena_alloc_array(&run->arena, 2 * count, sizeof(*both));
    for (size_t i = 0; both && i < count; i++) {
        both[i] = both[count + i] = names[i];
    }
    *ret_count = !both ? 0 : fid_has(step, "twice") ? 2 * count : count;
    return both;
}

/* -- create-topic -- */

static void ask_create(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                       int16_t version) {
    struct mock_create_config configs[FID_MAX_PAIRS];
    struct mock_create_partitions_assignment places[MAX_PARTITIONS];
    struct mock_create_assignment assignments[MAX_PARTITIONS];
    size_t config_count = 0;
    for (size_t i = 0; i < step->pair_count; i++) {
        struct mock_create_config *c = &configs[config_count];
        config_count += read_setting(run, &step->pairs[i], &c->name, &c->value);
    }
    size_t place_count =
        read_assignments(run, fid_str(run, step, "brokers", ""), places, MAX_PARTITIONS);
    size_t index_count = 0;
    int32_t *indexes = fid_numbers(run, step, "indexes", "0,1,2,3,4,5,6,7", &index_count);
    for (size_t i = 0; i < place_count; i++) {
        assignments[i] =
            (struct mock_create_assignment){indexes[i], places[i].brokers, places[i].broker_count};
    }
    size_t count = 0;
    struct base_slice *names = read_topics(run, step, &count);
    struct mock_create_topic *topics = base_arena_alloc_array(&run->arena, count, sizeof(*topics));
    for (size_t i = 0; topics && i < count; i++) {
        topics[i] = (struct mock_create_topic){
            .name = names[i],
            .partition_count = (int32_t)fid_num(run, step, "partitions", place_count ? -1 : 1),
            .replication_factor = (int16_t)fid_num(run, step, "replicas", place_count ? -1 : 1),
            .assignments = assignments,
            .assignment_count = place_count,
            .configs = configs,
            .config_count = config_count,
        };
    }
    struct mock_create_topics_request request = {topics, count, 10000, fid_has(step, "validate")};
    mock_create_topics_request_encode(b, version, &request);
}

/* An id as text, so that a later step can name it: id=a keeps it under that name. */
static bool say_id(struct fid_run *run, const struct mock_uuid *id) {
    static const struct mock_uuid zero;
    bool some = memcmp(id, &zero, sizeof(zero)) != 0;
    base_put_format(&run->said, "id=%s ", some ? "some" : "none");
    return some;
}

static void keep_id(struct fid_run *run, const struct fid_step *step, const struct mock_uuid *id) {
    struct fid_member *member = fid_member(run, step, "as");
    for (size_t i = 0; member && i < sizeof(id->bytes); i++) {
        (void)snprintf(member->id + 2 * i, 3, "%02x", id->bytes[i]);
    }
}

static void say_create(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                       int16_t version) {
    struct mock_create_topics_response said = {0};
    if (!good(run, mock_create_topics_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    size_t shown = 0;
    struct base_slice *show = fid_list(run, step, "show", NULL, &shown);
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t i = 0; i < said.topic_count; i++) {
        const struct mock_created_topic *t = &said.topics[i];
        fid_say_error(run, "", t->error_code);
        base_put_format(&run->said, "partitions=%d replicas=%d configs=%s ", t->partition_count,
                        t->replication_factor,
                        !t->has_configs   ? "null"
                        : t->config_count ? "some"
                                          : "none");
        if (say_id(run, &t->id) && fid_has(step, "as")) {
            keep_id(run, step, &t->id);
        }
        for (size_t k = 0; k < t->config_count * shown; k++) {
            const struct mock_created_config *c = &t->configs[k / shown];
            if (base_slice_equal(c->name, show[k % shown])) {
                base_put_slice(&run->said, c->name);
                fid_say_text(run, "", c->value);
                base_put_format(&run->said, "source=%d ", c->source);
            }
        }
        fid_say_text(run, "message", t->error_message);
    }
}

/* -- delete-topic -- */

static struct mock_uuid read_id(struct fid_run *run, const struct fid_step *step) {
    struct mock_uuid id = {{0}};
    const char *text = fid_str(run, step, "id", "");
    if (strcmp(text, "unknown") == 0) {
        memset(id.bytes, 7, sizeof(id.bytes));
        return id;
    }
    struct fid_member *member = *text ? fid_member(run, step, "id") : NULL;
    for (size_t i = 0; member && strlen(member->id) == 32 && i < 16; i++) {
        unsigned byte = 0;
        (void)sscanf(member->id + 2 * i, "%2x", &byte);
        id.bytes[i] = (uint8_t)byte;
    }
    return id;
}

static void ask_delete(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                       int16_t version) {
    size_t count = 0;
    struct base_slice *names = read_topics(run, step, &count);
    bool by_id = fid_has(step, "id") || fid_has(step, "nothing");
    count = by_id && !fid_has(step, "topic") ? (size_t)fid_num(run, step, "times", 1) : count;
    struct mock_delete_topic *topics = base_arena_alloc_array(&run->arena, count, sizeof(*topics));
    for (size_t i = 0; topics && i < count; i++) {
        topics[i] = (struct mock_delete_topic){
            by_id && !fid_has(step, "topic") ? BASE_SLICE_NULL : names[i], read_id(run, step)};
    }
    struct mock_delete_topics_request request = {topics, count, 10000};
    mock_delete_topics_request_encode(b, version, &request);
}

static void say_delete(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                       int16_t version) {
    (void)step;
    struct mock_delete_topics_response said = {0};
    if (!good(run, mock_delete_topics_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t i = 0; i < said.topic_count; i++) {
        fid_say_error(run, "", said.topics[i].error_code);
        fid_say_text(run, "name",
                     base_slice_equal_str(said.topics[i].name, run->unique) ? base_slice_str("own")
                                                                            : said.topics[i].name);
        (void)say_id(run, &said.topics[i].id);
        fid_say_text(run, "message", said.topics[i].error_message);
    }
}

/* -- add-partitions -- */

static void ask_partitions(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                           int16_t version) {
    struct mock_create_partitions_assignment places[MAX_PARTITIONS];
    size_t count = 0;
    struct base_slice *names = read_topics(run, step, &count);
    size_t place_count =
        read_assignments(run, fid_str(run, step, "brokers", ""), places, MAX_PARTITIONS);
    struct mock_create_partitions_topic *topics =
        base_arena_alloc_array(&run->arena, count, sizeof(*topics));
    for (size_t i = 0; topics && i < count; i++) {
        topics[i] = (struct mock_create_partitions_topic){
            .name = names[i],
            .count = (int32_t)fid_num(run, step, "count", 2),
            .assignments = places,
            .assignment_count = place_count,
            .automatic = !fid_has(step, "brokers"),
        };
    }
    struct mock_create_partitions_request request = {topics, count, 10000,
                                                     fid_has(step, "validate")};
    mock_create_partitions_request_encode(b, version, &request);
}

static void say_partitions(struct fid_run *run, const struct fid_step *step,
                           struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_create_partitions_response said = {0};
    if (!good(run, mock_create_partitions_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t i = 0; i < said.topic_count; i++) {
        fid_say_error(run, "", said.topics[i].error_code);
        fid_say_text(run, "message", said.topics[i].error_message);
    }
}

/* -- delete-records -- */

static void ask_records(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                        int16_t version) {
    struct mock_delete_records_partition partition = {(int32_t)fid_num(run, step, "partition", 0),
                                                      fid_num(run, step, "offset", -1)};
    struct mock_delete_records_topic topic = {fid_slice(run, step, "topic", "$t"), &partition, 1};
    struct mock_delete_records_request request = {&topic, 1, 10000};
    mock_delete_records_request_encode(b, version, &request);
}

static void say_records(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                        int16_t version) {
    (void)step;
    struct mock_delete_records_response said = {0};
    if (!good(run, mock_delete_records_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    for (size_t i = 0; i < said.topic_count; i++) {
        for (size_t k = 0; k < said.topics[i].partition_count; k++) {
            fid_say_error(run, "", said.topics[i].partitions[k].error_code);
            base_put_format(&run->said, "low=%lld ",
                            (long long)said.topics[i].partitions[k].low_watermark);
        }
    }
}

/* -- configs -- */

static void ask_configs(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                        int16_t version) {
    size_t key_count = 0;
    struct base_slice *keys = fid_list(run, step, "keys", NULL, &key_count);
    struct mock_describe_configs_resource resource = {
        .type = (int8_t)fid_num(run, step, "type", MOCK_RESOURCE_TOPIC),
        .name = fid_slice(run, step, "name", "$t"),
        .all_keys = !fid_has(step, "keys"),
        .keys = keys,
        .key_count = key_count,
    };
    struct mock_describe_configs_request request = {&resource, 1, fid_has(step, "synonyms"),
                                                    fid_has(step, "docs")};
    mock_describe_configs_request_encode(b, version, &request);
}

static void say_config(struct fid_run *run, const struct mock_described_config *c) {
    base_put_slice(&run->said, c->name);
    fid_say_text(run, "", c->value);
    base_put_format(&run->said, "source=%d read-only=%s sensitive=%s type=%d doc=%s synonyms=%zu ",
                    c->source, c->read_only ? "yes" : "no", c->is_sensitive ? "yes" : "no", c->type,
                    base_slice_is_null(c->documentation) ? "none" : "some", c->synonym_count);
    for (size_t i = 0; i < c->synonym_count; i++) {
        base_put_str(&run->said, "synonym:");
        base_put_slice(&run->said, c->synonyms[i].name);
        fid_say_text(run, "", c->synonyms[i].value);
        base_put_format(&run->said, "of=%d ", c->synonyms[i].source);
    }
}

static void say_configs(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                        int16_t version) {
    struct mock_describe_configs_response said = {0};
    if (!good(run, mock_describe_configs_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    for (size_t i = 0; i < said.resource_count; i++) {
        const struct mock_described_resource *r = &said.resources[i];
        fid_say_error(run, "", r->error_code);
        fid_say_text(run, "message", r->error_message);
        base_put_format(&run->said, "configs=%s count=%zu ", r->config_count ? "some" : "none",
                        r->config_count);
        for (size_t k = 0; k < r->config_count; k++) {
            if (fid_has(step, "keys")) {
                say_config(run, &r->configs[k]);
            } else {
                base_put_str(&run->said, "has:");
                base_put_slice(&run->said, r->configs[k].name);
                base_put_str(&run->said, " ");
                base_put_slice(&run->said, r->configs[k].name);
                fid_say_text(run, "", r->configs[k].value);
                base_put_slice(&run->said, r->configs[k].name);
                base_put_format(&run->said, ":type=%d ", r->configs[k].type);
            }
        }
    }
}

/* -- alter: incremental, or (legacy) all -- */

static void ask_alter_all(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    struct mock_alter_config configs[FID_MAX_PAIRS];
    size_t count = 0;
    for (size_t i = 0; i < step->pair_count; i++) {
        count += read_setting(run, &step->pairs[i], &configs[count].name, &configs[count].value);
    }
    struct mock_alter_configs_resource resources[2];
    resources[0] = (struct mock_alter_configs_resource){
        (int8_t)fid_num(run, step, "type", MOCK_RESOURCE_TOPIC), fid_slice(run, step, "name", "$t"),
        configs, count};
    resources[1] = resources[0];
    struct mock_alter_configs_request request = {resources, fid_has(step, "twice") ? 2 : 1,
                                                 fid_has(step, "validate")};
    mock_alter_configs_request_encode(b, version, &request);
}

static void say_alter_all(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_alter_configs_response said = {0};
    if (!good(run, mock_alter_configs_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    base_put_format(&run->said, "resources=%zu ", said.resource_count);
    for (size_t i = 0; i < said.resource_count; i++) {
        fid_say_error(run, "", said.resources[i].error_code);
        fid_say_text(run, "message", said.resources[i].error_message);
    }
}

static int8_t operation_of(struct fid_run *run, const struct fid_step *step) {
    static const char *const words[] = {"set", "delete", "append", "subtract"};
    const char *op = fid_str(run, step, "op", "set");
    for (int8_t i = 0; i < 4; i++) {
        if (strcmp(words[i], op) == 0) {
            return i;
        }
    }
    return (int8_t)strtol(op, NULL, 10);
}

static void ask_alter(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                      int16_t version) {
    struct mock_incremental_config configs[FID_MAX_PAIRS + 1];
    size_t count = 0;
    for (size_t i = 0; i < step->pair_count; i++) {
        configs[count].operation = operation_of(run, step);
        count += read_setting(run, &step->pairs[i], &configs[count].name, &configs[count].value);
    }
    if (fid_has(step, "repeat") && count > 0) {
        configs[count] = configs[0];
        configs[count++].operation = 1 - configs[0].operation;
    }
    struct mock_incremental_configs_resource resources[2];
    resources[0] = (struct mock_incremental_configs_resource){
        (int8_t)fid_num(run, step, "type", MOCK_RESOURCE_TOPIC), fid_slice(run, step, "name", "$t"),
        configs, count};
    resources[1] = resources[0];
    struct mock_incremental_alter_configs_request request = {
        resources, fid_has(step, "twice") ? 2 : 1, fid_has(step, "validate")};
    mock_incremental_alter_configs_request_encode(b, version, &request);
}

static void say_alter(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                      int16_t version) {
    (void)step;
    struct mock_incremental_alter_configs_response said = {0};
    if (!good(run,
              mock_incremental_alter_configs_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    base_put_format(&run->said, "resources=%zu ", said.resource_count);
    for (size_t i = 0; i < said.resource_count; i++) {
        fid_say_error(run, "", said.resources[i].error_code);
        fid_say_text(run, "message", said.resources[i].error_message);
    }
}

/* -- cluster -- */

static void ask_cluster(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                        int16_t version) {
    struct mock_describe_cluster_request request = {fid_has(step, "operations"),
                                                    (int8_t)fid_num(run, step, "endpoint", 1),
                                                    fid_has(step, "fenced")};
    mock_describe_cluster_request_encode(b, version, &request);
}

static void say_cluster(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                        int16_t version) {
    (void)step;
    struct mock_describe_cluster_response said = {0};
    if (!good(run, mock_describe_cluster_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    fid_say_error(run, "", said.error_code);
    bool known = false;
    for (size_t i = 0; i < said.broker_count; i++) {
        known = known || said.brokers[i].node_id == said.controller_id;
    }
    base_put_format(
        &run->said, "brokers=%zu controller=%s cluster=%s endpoint=%d operations=%s address=%s ",
        said.broker_count, known ? "known" : "unknown", said.cluster_id.len ? "some" : "none",
        said.endpoint_type, said.authorized_operations == INT32_MIN ? "unknown" : "some",
        said.broker_count && said.brokers[0].port == run->server.port ? "ours" : "other");
    fid_say_text(run, "message", said.error_message);
}

/* -- log-dirs -- */

static void ask_dirs(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                     int16_t version) {
    struct mock_log_dirs_topic topic = {.name = fid_slice(run, step, "topic", "$t")};
    topic.partitions = fid_numbers(run, step, "partition", "0", &topic.partition_count);
    struct mock_describe_log_dirs_request request = {&topic, 1, fid_has(step, "all")};
    mock_describe_log_dirs_request_encode(b, version, &request);
}

static void say_dirs(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                     int16_t version) {
    (void)step;
    struct mock_describe_log_dirs_response said = {0};
    if (!good(run, mock_describe_log_dirs_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    fid_say_error(run, "top:", said.error_code);
    base_put_format(&run->said, "dirs=%zu ", said.dir_count);
    for (size_t i = 0; i < said.dir_count; i++) {
        const struct mock_log_dir *d = &said.dirs[i];
        fid_say_error(run, "", d->error_code);
        base_put_format(&run->said, "path=%s total=%s usable=%s cordoned=%s ",
                        d->path.len ? "some" : "none", d->total_bytes >= 0 ? "some" : "none",
                        d->usable_bytes >= 0 ? "some" : "none", d->is_cordoned ? "yes" : "no");
        size_t partitions = 0;
        for (size_t k = 0; k < d->topic_count; k++) {
            if (!base_slice_equal_str(d->topics[k].name, run->unique)) {
                continue;
            }
            partitions = d->topics[k].partition_count;
            for (size_t p = 0; p < partitions; p++) {
                const struct mock_log_dir_partition *part = &d->topics[k].partitions[p];
                base_put_format(&run->said, "%d:size=%s lag=%lld future=%s ", part->index,
                                part->size_bytes > 0 ? "some" : "0", (long long)part->offset_lag,
                                part->is_future ? "yes" : "no");
            }
        }
        base_put_format(&run->said, "partitions=%zu ", partitions);
    }
}

/* -- elect -- */

static void ask_elect(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                      int16_t version) {
    struct mock_elect_leaders_topic topic = {.name = fid_slice(run, step, "topic", "$t")};
    topic.partitions = fid_numbers(run, step, "partition", "0", &topic.partition_count);
    struct mock_elect_leaders_request request = {(int8_t)fid_num(run, step, "type", 0), &topic, 1,
                                                 fid_has(step, "all"), 10000};
    mock_elect_leaders_request_encode(b, version, &request);
}

static void say_elect(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                      int16_t version) {
    (void)step;
    struct mock_elect_leaders_response said = {0};
    if (!good(run, mock_elect_leaders_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    fid_say_error(run, "top:", said.error_code);
    size_t partitions = 0;
    for (size_t i = 0; i < said.topic_count; i++) {
        for (size_t k = 0; k < said.topics[i].partition_count; k++, partitions++) {
            fid_say_error(run, "", said.topics[i].partitions[k].error_code);
            fid_say_text(run, "message", said.topics[i].partitions[k].error_message);
        }
    }
    base_put_format(&run->said, "partitions=%zu ", partitions);
}

/* -- reassign, reassigning -- */

static void ask_reassign(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                         int16_t version) {
    struct mock_reassign_partition partition = {
        .index = (int32_t)fid_num(run, step, "partition", 0), .cancel = fid_has(step, "cancel")};
    partition.replicas = fid_numbers(run, step, "to", "1", &partition.replica_count);
    if (fid_has(step, "nobody")) {
        partition.replica_count = 0;
    }
    struct mock_reassign_topic topic = {fid_slice(run, step, "topic", "$t"), &partition, 1};
    struct mock_alter_partition_reassignments_request request = {
        10000, !fid_has(step, "same-factor"), &topic, 1};
    mock_alter_partition_reassignments_request_encode(b, version, &request);
}

static void say_reassign(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                         int16_t version) {
    (void)step;
    struct mock_alter_partition_reassignments_response said = {0};
    if (!good(run, mock_alter_partition_reassignments_response_decode(body, version, &run->arena,
                                                                      &said))) {
        return;
    }
    fid_say_error(run, "top:", said.error_code);
    fid_say_text(run, "top-message", said.error_message);
    for (size_t i = 0; i < said.topic_count; i++) {
        for (size_t k = 0; k < said.topics[i].partition_count; k++) {
            fid_say_error(run, "", said.topics[i].partitions[k].error_code);
            fid_say_text(run, "message", said.topics[i].partitions[k].error_message);
        }
    }
}

static void ask_reassigning(struct fid_run *run, const struct fid_step *step,
                            struct base_builder *b, int16_t version) {
    struct mock_reassignments_topic topic = {.name = fid_slice(run, step, "topic", "$t")};
    topic.partitions = fid_numbers(run, step, "partition", "0", &topic.partition_count);
    struct mock_list_partition_reassignments_request request = {10000, &topic, 1,
                                                                fid_has(step, "all")};
    mock_list_partition_reassignments_request_encode(b, version, &request);
}

static void say_reassigning(struct fid_run *run, const struct fid_step *step,
                            struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_list_partition_reassignments_response said = {0};
    if (!good(run, mock_list_partition_reassignments_response_decode(body, version, &run->arena,
                                                                     &said))) {
        return;
    }
    fid_say_error(run, "top:", said.error_code);
    fid_say_text(run, "top-message", said.error_message);
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
}

/* -- config-resources -- */

static void ask_resources(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                          int16_t version) {
    size_t count = 0;
    int32_t *numbers = fid_numbers(run, step, "types", "", &count);
    int8_t *types = base_arena_alloc_array(&run->arena, count, sizeof(*types));
    for (size_t i = 0; types && i < count; i++) {
        types[i] = (int8_t)numbers[i];
    }
    struct mock_list_config_resources_request request = {types, fid_has(step, "types") ? count : 0};
    mock_list_config_resources_request_encode(b, version, &request);
}

static void say_resources(struct fid_run *run, const struct fid_step *step,
                          struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_list_config_resources_response said = {0};
    if (!good(run, mock_list_config_resources_response_decode(body, version, &run->arena, &said))) {
        return;
    }
    fid_say_error(run, "", said.error_code);
    size_t brokers = 0;
    size_t loggers = 0;
    bool listed = false;
    for (size_t i = 0; i < said.resource_count; i++) {
        brokers += said.resources[i].type == MOCK_RESOURCE_BROKER;
        loggers += said.resources[i].type == MOCK_RESOURCE_BROKER_LOGGER;
        listed = listed || (said.resources[i].type == MOCK_RESOURCE_TOPIC &&
                            base_slice_equal_str(said.resources[i].name, run->unique));
    }
    base_put_format(&run->said, "resources=%s brokers=%zu loggers=%zu listed=%s ",
                    said.resource_count ? "some" : "none", brokers, loggers, listed ? "yes" : "no");
}

const struct fid_verb fid_verbs_admin[] = {
    {"create-topic", MOCK_API_CREATE_TOPICS, 7, 7, ask_create, say_create},
    {"delete-topic", MOCK_API_DELETE_TOPICS, 6, 6, ask_delete, say_delete},
    {"add-partitions", MOCK_API_CREATE_PARTITIONS, 3, 3, ask_partitions, say_partitions},
    {"delete-records", MOCK_API_DELETE_RECORDS, 2, 2, ask_records, say_records},
    {"configs", MOCK_API_DESCRIBE_CONFIGS, 4, 4, ask_configs, say_configs},
    {"alter-all", MOCK_API_ALTER_CONFIGS, 2, 2, ask_alter_all, say_alter_all},
    {"alter", MOCK_API_INCREMENTAL_ALTER_CONFIGS, 1, 1, ask_alter, say_alter},
    {"cluster", MOCK_API_DESCRIBE_CLUSTER, 2, 2, ask_cluster, say_cluster},
    {"log-dirs", MOCK_API_DESCRIBE_LOG_DIRS, 5, 5, ask_dirs, say_dirs},
    {"elect", MOCK_API_ELECT_LEADERS, 2, 2, ask_elect, say_elect},
    {"reassign", MOCK_API_ALTER_PARTITION_REASSIGNMENTS, 1, 1, ask_reassign, say_reassign},
    {"reassigning", MOCK_API_LIST_PARTITION_REASSIGNMENTS, 0, 0, ask_reassigning, say_reassigning},
    {"config-resources", MOCK_API_LIST_CONFIG_RESOURCES, 1, 1, ask_resources, say_resources},
    {NULL, 0, 0, 0, NULL, NULL},
};
