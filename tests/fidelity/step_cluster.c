/* The verbs of the cluster: api-versions, metadata, find-coordinator, create, raw; hang-up. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "fidelity.h"
#include "mock/wire/api.h"
#include "mock/wire/api_versions.h"
#include "mock/wire/create_topics.h"
#include "mock/wire/describe_topic_partitions.h"
#include "mock/wire/find_coordinator.h"
#include "mock/wire/metadata.h"

/* -- api-versions -- */

static void ask_api_versions(struct fid_run *run, const struct fid_step *step,
                             struct base_builder *b, int16_t version) {
    struct mock_api_versions_request request = {
        .client_software_name = fid_slice(run, step, "software", "fidelity"),
        .client_software_version = fid_slice(run, step, "release", "1"),
        .cluster_id = fid_slice(run, step, "cluster", "null"),
        .node_id = (int32_t)fid_num(run, step, "node", -1),
    };
    if (mock_api_has_version(mock_api_find(MOCK_API_API_VERSIONS), version)) {
        mock_api_versions_request_encode(b, version, &request);
    }
}

/* A version from the future is answered in the form of version 0. */
static void say_api_versions(struct fid_run *run, const struct fid_step *step,
                             struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_api_versions_response said = {0};
    bool known = mock_api_has_version(mock_api_find(MOCK_API_API_VERSIONS), version);
    if (mock_api_versions_response_decode(body, known ? version : 0, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    fid_say_error(run, "", said.error_code);
    base_put_format(&run->said, "ranges=%zu ", said.range_count);
    for (size_t i = 0; i < said.range_count; i++) {
        base_put_format(&run->said, "%d:%d-%d ", said.ranges[i].api_key, said.ranges[i].min_version,
                        said.ranges[i].max_version);
    }
    for (size_t i = 0; i < said.supported_count; i++) {
        base_put_format(&run->said, "supported:%.*s:%d-%d ", (int)said.supported[i].name.len,
                        (const char *)said.supported[i].name.data, said.supported[i].min_version,
                        said.supported[i].max_version);
    }
    for (size_t i = 0; i < said.finalized_count; i++) {
        base_put_format(&run->said, "finalized:%.*s:%d-%d ", (int)said.finalized[i].name.len,
                        (const char *)said.finalized[i].name.data, said.finalized[i].min_level,
                        said.finalized[i].max_level);
    }
    base_put_format(&run->said, "features_epoch=%s ", said.finalized_epoch < 0 ? "-1" : "some");
}

/* -- metadata -- */

static void ask_metadata(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                         int16_t version) {
    size_t count = 0;
    struct base_slice *names = fid_list(run, step, "topic", "$t", &count);
    bool all = fid_has(step, "all");
    count = fid_has(step, "none") ? 0 : count;
    struct mock_metadata_request_topic *topics =
        base_arena_alloc_array(&run->arena, count, sizeof(*topics));
    for (size_t i = 0; topics && i < count; i++) {
        topics[i].name = fid_has(step, "by_id") ? BASE_SLICE_NULL : names[i];
        if (fid_has(step, "id") || fid_has(step, "by_id")) {
            topics[i].id = fid_step_id(run, step);
        }
    }
    struct mock_metadata_request request = {
        .all_topics = all,
        .topics = topics,
        .topic_count = all ? 0 : count,
        .allow_auto_topic_creation = strcmp(fid_str(run, step, "create", "yes"), "yes") == 0,
        .include_topic_operations = fid_has(step, "operations"),
    };
    mock_metadata_request_encode(b, version, &request);
}

static bool is_broker(const struct mock_metadata_response *said, int32_t id) {
    for (size_t i = 0; i < said->broker_count; i++) {
        if (said->brokers[i].node_id == id) {
            return true;
        }
    }
    return false;
}

static void say_metadata_topic(struct fid_run *run, const struct mock_metadata_response *said,
                               const struct mock_metadata_topic *topic) {
    static const struct mock_uuid zero;
    fid_say_error(run, "", topic->error_code);
    if (topic->error_code == 0 && memcmp(&topic->id, &zero, sizeof(zero)) != 0) {
        fid_topic_id_keep(run, topic->name, &topic->id);
    }
    fid_say_id(run, &topic->id);
    base_put_format(&run->said, "name=%s ", base_slice_is_null(topic->name) ? "null" : "some");
    base_put_format(&run->said, "partitions=%zu internal=%s id=%s operations=%s ",
                    topic->partition_count, topic->is_internal ? "yes" : "no",
                    memcmp(&topic->id, &zero, sizeof(zero)) ? "some" : "none",
                    topic->authorized_operations == MOCK_OPERATIONS_UNKNOWN ? "unknown" : "some");
    for (size_t i = 0; i < topic->partition_count && i < 4; i++) {
        const struct mock_metadata_partition *part = &topic->partitions[i];
        fid_say_error(run, "partition:", part->error_code);
        base_put_format(&run->said, "leader=%s epoch=%d replicas=%zu isr=%zu offline=%zu ",
                        is_broker(said, part->leader_id) ? "known" : "unknown", part->leader_epoch,
                        part->replica_count, part->isr_count, part->offline_count);
    }
}

static void say_metadata(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                         int16_t version) {
    (void)step;
    struct mock_metadata_response said = {0};
    if (mock_metadata_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    bool address = said.broker_count > 0 && said.brokers[0].port == run->server.port;
    bool listed = false;
    for (size_t i = 0; i < said.topic_count; i++) {
        bool is_own = base_slice_equal_str(said.topics[i].name, run->unique);
        listed = listed || is_own;
        run->topic_id = is_own ? said.topics[i].id : run->topic_id;
    }
    fid_say_error(run, "all:", said.error_code);
    base_put_format(&run->said,
                    "brokers=%zu address=%s controller=%s cluster=%s topics=%zu listed=%s ",
                    said.broker_count, address ? "ours" : "other",
                    is_broker(&said, said.controller_id) ? "known" : "unknown",
                    base_slice_is_null(said.cluster_id) ? "null" : "some", said.topic_count,
                    listed ? "yes" : "no");
    for (size_t i = 0; i < said.topic_count && i < 4; i++) {
        say_metadata_topic(run, &said, &said.topics[i]);
    }
}

/* -- topic-partitions -- */

static void ask_topic_partitions(struct fid_run *run, const struct fid_step *step,
                                 struct base_builder *b, int16_t version) {
    size_t count = 0;
    struct base_slice *names = fid_list(run, step, "topic", "$t", &count);
    struct mock_describe_topic_partitions_request request = {
        .topics = names,
        .topic_count = fid_has(step, "all") ? 0 : count,
        .partition_limit = (int32_t)fid_num(run, step, "limit", 2000),
        .has_cursor = fid_has(step, "from"),
        .cursor = {fid_slice(run, step, "cursor", "$t"), (int32_t)fid_num(run, step, "from", 0)},
    };
    mock_describe_topic_partitions_request_encode(b, version, &request);
}

static void say_topic_partitions(struct fid_run *run, const struct fid_step *step,
                                 struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_describe_topic_partitions_response said = {0};
    if (mock_describe_topic_partitions_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "topics=%zu ", said.topic_count);
    for (size_t t = 0; t < said.topic_count && t < 4; t++) {
        const struct mock_described_topic *topic = &said.topics[t];
        fid_say_error(run, "", topic->error_code);
        fid_say_id(run, &topic->id);
        base_put_format(&run->said, "partitions=%zu operations=%s ", topic->partition_count,
                        topic->authorized_operations == MOCK_OPERATIONS_UNKNOWN ? "unknown"
                                                                                : "some");
        for (size_t i = 0; i < topic->partition_count && i < 4; i++) {
            const struct mock_described_partition *part = &topic->partitions[i];
            fid_say_error(run, "partition:", part->error_code);
            base_put_format(&run->said, "part=%d epoch=%d replicas=%zu isr=%zu eligible=%s ",
                            part->index, part->leader_epoch, part->replica_count, part->isr_count,
                            part->has_eligible ? "list" : "null");
        }
    }
    if (said.has_next_cursor) {
        base_put_format(&run->said, "next=%d ", said.next_cursor.partition);
    } else {
        base_put_str(&run->said, "next=none ");
    }
}

/* -- find-coordinator -- */

static void ask_find_coordinator(struct fid_run *run, const struct fid_step *step,
                                 struct base_builder *b, int16_t version) {
    size_t count = 0;
    struct base_slice *keys = fid_list(run, step, "key", "$g", &count);
    struct mock_find_coordinator_request request = {(int8_t)fid_num(run, step, "type", 0), keys,
                                                    count};
    mock_find_coordinator_request_encode(b, version, &request);
}

static void say_find_coordinator(struct fid_run *run, const struct fid_step *step,
                                 struct base_reader *body, int16_t version) {
    (void)step;
    struct mock_find_coordinator_response said = {0};
    if (mock_find_coordinator_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    base_put_format(&run->said, "coordinators=%zu ", said.coordinator_count);
    for (size_t i = 0; i < said.coordinator_count; i++) {
        const struct mock_coordinator *c = &said.coordinators[i];
        fid_say_error(run, "", c->error_code);
        base_put_format(&run->said, "node=%s address=%s ", c->node_id < 0 ? "-1" : "some",
                        c->port == run->server.port ? "ours" : "other");
        fid_say_text(run, "message", c->error_message);
    }
}

/* -- create -- */

static void ask_create(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                       int16_t version) {
    struct mock_create_config configs[FID_MAX_PAIRS];
    size_t count = 0;
    for (size_t i = 0; i < step->pair_count; i++) {
        /* Settings of topics have dots in their names, arguments of steps do not. */
        if (strchr(step->pairs[i].name, '.')) {
            configs[count++] = (struct mock_create_config){base_slice_str(step->pairs[i].name),
                                                           base_slice_str(step->pairs[i].value)};
        }
    }
    struct mock_create_topic topic = {
        .name = fid_slice(run, step, "topic", "$t"),
        .partition_count = (int32_t)fid_num(run, step, "partitions", 1),
        .replication_factor = (int16_t)fid_num(run, step, "replicas", 1),
        .configs = configs,
        .config_count = count,
    };
    struct mock_create_topics_request request = {&topic, 1, 10000, fid_has(step, "validate")};
    mock_create_topics_request_encode(b, version, &request);
}

static void say_create(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                       int16_t version) {
    (void)step;
    struct mock_create_topics_response said = {0};
    if (mock_create_topics_response_decode(body, version, &run->arena, &said) != 0) {
        base_put_str(&run->said, "malformed ");
        return;
    }
    for (size_t i = 0; i < said.topic_count; i++) {
        fid_say_error(run, "", said.topics[i].error_code);
        base_put_format(&run->said, "partitions=%d ", said.topics[i].partition_count);
        fid_say_text(run, "message", said.topics[i].error_message);
    }
}

/* -- raw: bytes as they are -- */

static void ask_raw(struct fid_run *run, const struct fid_step *step, struct base_builder *b,
                    int16_t version) {
    (void)version;
    struct base_slice hex = fid_slice(run, step, "hex", "");
    if (!base_put_hex_decoded(b, hex)) {
        fprintf(stderr, "%s:%d: hex= is not hexadecimal\n", run->c->file, step->line);
    }
}

static void say_raw(struct fid_run *run, const struct fid_step *step, struct base_reader *body,
                    int16_t version) {
    (void)step;
    (void)version;
    struct base_slice rest = base_read_rest(body);
    base_put_str(&run->said, "answered hex=");
    base_put_hex(&run->said, rest);
    base_put_str(&run->said, " ");
}

const struct fid_verb fid_verbs_cluster[] = {
    {"api-versions", MOCK_API_API_VERSIONS, 2, 2, ask_api_versions, say_api_versions},
    {"metadata", MOCK_API_METADATA, 9, 2, ask_metadata, say_metadata},
    {"topic-partitions", MOCK_API_DESCRIBE_TOPIC_PARTITIONS, 0, 0, ask_topic_partitions,
     say_topic_partitions},
    {"find-coordinator", MOCK_API_FIND_COORDINATOR, 2, 2, ask_find_coordinator,
     say_find_coordinator},
    {"create", MOCK_API_CREATE_TOPICS, 5, 5, ask_create, say_create},
    {"raw", 0, 0, 0, ask_raw, say_raw},
    {"await", 0, 0, 0, ask_raw, say_raw},
    {"hang-up", 0, 0, 0, ask_raw, say_raw},
    /* Of compaction.c alone. */
    {"roll", 0, 0, 0, ask_raw, say_raw},
    {"clean", 0, 0, 0, ask_raw, say_raw},
    {NULL, 0, 0, 0, NULL, NULL},
};

const struct fid_verb *fid_verb_find(const char *name) {
    const struct fid_verb *const tables[] = {fid_verbs_data, fid_verbs_cluster, fid_verbs_group,
                                             fid_verbs_group_admin, fid_verbs_consumer,
                                             fid_verbs_txn, fid_verbs_admin, fid_verbs_security};
    for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        for (const struct fid_verb *v = tables[t]; v->name; v++) {
            if (strcmp(v->name, name) == 0) {
                return v;
            }
        }
    }
    return NULL;
}
