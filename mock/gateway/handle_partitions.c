/* CreatePartitions and DeleteRecords: partitions that come, and records that go. */
#include <string.h>

#include "mock/gateway/admin.h"

/* -- CreatePartitions (ReplicationControlManager.createPartitions) -- */

int mock_create_partitions_decode(struct mock_request *r, struct base_reader *body) {
    return mock_create_partitions_request_decode(body, r->header.api_version, &r->arena,
                                                 &r->u.create_partitions);
}

static struct base_slice topic_at(const void *items, size_t i) {
    return ((const struct mock_create_partitions_topic *)items)[i].name;
}

static struct mock_admin_error check_count(struct mock_request *r, const struct mock_topic *topic,
                                           const struct mock_create_partitions_topic *asked) {
    int have = (int)topic->partition_count;
    if (asked->count == have) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_PARTITIONS,
                              "Topic already has %d partition(s).", have);
    }
    if (asked->count < have) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_PARTITIONS,
                              "The topic %s currently has %d partition(s); %d would not be an "
                              "increase.",
                              topic->name, have, (int)asked->count);
    }
    if (asked->count > (int32_t)BASE_MAX_PARTITIONS) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_PARTITIONS,
                              "This broker keeps at most %u partitions of a topic.",
                              BASE_MAX_PARTITIONS);
    }
    size_t more = (size_t)(asked->count - have);
    if (!asked->automatic && asked->assignment_count != more) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REPLICA_ASSIGNMENT,
                              "Attempted to add %zu additional partition(s), but only %zu "
                              "assignment(s) were specified.",
                              more, asked->assignment_count);
    }
    return MOCK_ADMIN_OK;
}

static struct mock_admin_error place(struct mock_request *r, const struct mock_topic *topic,
                                     const struct mock_create_partitions_topic *asked,
                                     struct mock_placement **ret_placements) {
    *ret_placements = NULL;
    if (asked->automatic) {
        return MOCK_ADMIN_OK;
    }
    size_t count = asked->assignment_count;
    struct mock_placement *placements =
        base_arena_alloc_array(&r->arena, count, sizeof(*placements));
    if (!placements) {
        return mock_admin_code(MOCK_ERROR_UNKNOWN_SERVER_ERROR);
    }
    for (size_t i = 0; i < count; i++) {
        const struct mock_create_partitions_assignment *a = &asked->assignments[i];
        struct mock_admin_error error = mock_admin_check_replicas(
            r, a->brokers, a->broker_count, topic->partitions[0].replicas.count);
        if (error.code) {
            return error;
        }
        placements[i] = (struct mock_placement){a->brokers, (int32_t)a->broker_count};
    }
    *ret_placements = placements;
    return MOCK_ADMIN_OK;
}

static struct mock_admin_error
grow(struct mock_request *r, const struct mock_create_partitions_topic *asked, uint8_t repeated) {
    if (repeated) {
        return mock_admin_say(r, MOCK_ERROR_INVALID_REQUEST, "Duplicate topic name.");
    }
    if (!mock_request_may(r, MOCK_ACL_ALTER, MOCK_ACL_TOPIC, asked->name)) {
        return mock_admin_code(MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED);
    }
    struct mock_topic *topic = mock_topic_find(r->connection->broker, asked->name);
    if (!topic) {
        return mock_admin_code(MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION);
    }
    struct mock_placement *placements = NULL;
    struct mock_admin_error error = check_count(r, topic, asked);
    error = error.code ? error : place(r, topic, asked, &placements);
    if (error.code || r->u.create_partitions.validate_only) {
        return error;
    }
    struct base_error err = BASE_ERROR_INIT;
    int rc = mock_topic_grow(r->connection->broker, topic, asked->count, placements, &err);
    return rc < 0 ? mock_admin_say(r, MOCK_ERROR_UNKNOWN_SERVER_ERROR, "%s", err.text)
                  : MOCK_ADMIN_OK;
}

static void encode_created(struct mock_request *r, int16_t override) {
    const struct mock_create_partitions_request *q = &r->u.create_partitions;
    struct mock_create_partitions_response response = {r->throttle_ms, NULL, 0};
    uint8_t *place_of = mock_admin_repeats(r, q->topic_count, topic_at, q->topics);
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t i = 0; response.topics && place_of && i < q->topic_count; i++) {
        if (!override && place_of[i] == 2) {
            continue; /* one answer for all of this name */
        }
        struct mock_admin_error error =
            override ? mock_admin_code(override) : grow(r, &q->topics[i], place_of[i]);
        response.topics[response.topic_count++] =
            (struct mock_create_partitions_result){q->topics[i].name, error.code, error.message};
        mock_admin_note(r, error.code);
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_create_partitions_response_encode(b, r->header.api_version, &response);
}

void mock_create_partitions_refuse(struct mock_request *r, int16_t error) {
    encode_created(r, error);
}

void mock_create_partitions_apply(struct mock_request *r) {
    encode_created(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}

/* -- DeleteRecords (ReplicaManager.deleteRecordsOnLocalLog) -- */

#define TO_HIGH_WATERMARK (-1)

int mock_delete_records_decode(struct mock_request *r, struct base_reader *body) {
    return mock_delete_records_request_decode(body, r->header.api_version, &r->arena,
                                              &r->u.delete_records);
}

static void delete_records(struct mock_request *r, struct base_slice name, bool may,
                           const struct mock_delete_records_partition *asked,
                           struct mock_delete_records_partition_result *out) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_topic *topic = NULL;
    const struct mock_partition *p = mock_partition_find(broker, name, asked->index, &topic);
    if (!may) {
        out->error_code = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
        return;
    }
    if (!p) {
        out->error_code = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
        return;
    }
    if (p->leader != r->connection->node) {
        out->error_code = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
        return;
    }
    if (topic->options.log.cleanup_compact && !topic->options.log.cleanup_delete) {
        out->error_code = MOCK_ERROR_POLICY_VIOLATION;
        return;
    }
    int64_t watermark = mock_partition_high_watermark(p);
    int64_t before = asked->offset == TO_HIGH_WATERMARK ? watermark : asked->offset;
    if (before < 0 || before > watermark) {
        out->error_code = MOCK_ERROR_OFFSET_OUT_OF_RANGE;
        return;
    }
    int rc = mock_delete_records(broker, topic->name, asked->index, before, NULL);
    if (rc < 0) {
        out->error_code = MOCK_ERROR_KAFKA_STORAGE_ERROR;
        return;
    }
    /* Found again: whoever was woken may have done more. */
    p = mock_partition_find(broker, name, asked->index, NULL);
    out->low_watermark = p ? mock_log_start(p->log) : -1;
}

static void encode_deleted(struct mock_request *r, int16_t override) {
    const struct mock_delete_records_request *q = &r->u.delete_records;
    struct mock_delete_records_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        const struct mock_delete_records_topic *asked = &q->topics[t];
        struct mock_delete_records_topic_result *topic = &response.topics[t];
        bool may = override || mock_request_may(r, MOCK_ACL_DELETE, MOCK_ACL_TOPIC, asked->name);
        topic->name = asked->name;
        topic->partition_count = asked->partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            struct mock_delete_records_partition_result *out = &topic->partitions[i];
            *out = (struct mock_delete_records_partition_result){asked->partitions[i].index, -1,
                                                                 override};
            if (!override) {
                delete_records(r, asked->name, may, &asked->partitions[i], out);
            }
            mock_admin_note(r, out->error_code);
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_delete_records_response_encode(b, r->header.api_version, &response);
}

void mock_delete_records_refuse(struct mock_request *r, int16_t error) {
    encode_deleted(r, error);
}

void mock_delete_records_apply(struct mock_request *r) {
    encode_deleted(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
