/* ListOffsets: earliest, latest, the largest timestamp, or the first record at or after a time. */
#include "mock/gateway/handlers.h"

#define READ_COMMITTED 1
#define TIMESTAMP_LATEST (-1)
#define TIMESTAMP_EARLIEST (-2)
#define TIMESTAMP_MAX (-3)
#define TIMESTAMP_EARLIEST_LOCAL (-4)
/* From these versions on a client may ask for them. */
#define FIRST_MAX_VERSION 7
#define FIRST_LOCAL_VERSION 8

int mock_list_offsets_decode(struct mock_request *r, struct base_reader *body) {
    return mock_list_offsets_request_decode(body, r->header.api_version, &r->arena,
                                            &r->u.list_offsets);
}

static void look_up(const struct mock_request *r, struct base_slice topic,
                    const struct mock_list_offsets_partition *asked,
                    struct mock_list_offsets_partition_response *out) {
    const struct mock_partition *p =
        mock_partition_find(r->connection->broker, topic, asked->index, NULL);
    if (!p) {
        out->error_code = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
        return;
    }
    if (p->leader != r->connection->node) {
        out->error_code = MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
        return;
    }
    if (asked->current_leader_epoch >= 0 && asked->current_leader_epoch != p->leader_epoch) {
        out->error_code = asked->current_leader_epoch < p->leader_epoch
                              ? MOCK_ERROR_FENCED_LEADER_EPOCH
                              : MOCK_ERROR_UNKNOWN_LEADER_EPOCH;
        return;
    }
    int16_t version = r->header.api_version;
    if (asked->timestamp_ms < TIMESTAMP_EARLIEST_LOCAL ||
        (asked->timestamp_ms == TIMESTAMP_MAX && version < FIRST_MAX_VERSION) ||
        (asked->timestamp_ms == TIMESTAMP_EARLIEST_LOCAL && version < FIRST_LOCAL_VERSION)) {
        out->error_code = MOCK_ERROR_UNSUPPORTED_VERSION;
        return;
    }
    bool found = true;
    /* Kafka: who reads only what is committed sees no further than the last stable offset. */
    int64_t end = r->u.list_offsets.isolation_level == READ_COMMITTED
                      ? mock_partition_stable_offset(p)
                      : mock_partition_high_watermark(p);
    switch (asked->timestamp_ms) {
    case TIMESTAMP_LATEST:
        out->offset = end;
        break;
    case TIMESTAMP_EARLIEST_LOCAL: /* nothing is kept elsewhere */
    case TIMESTAMP_EARLIEST:
        out->offset = mock_log_start(p->log);
        break;
    case TIMESTAMP_MAX:
        found =
            mock_log_max_timestamp(p->log, &out->offset, &out->timestamp_ms) && out->offset < end;
        break;
    default:
        found = mock_log_find_timestamp(p->log, asked->timestamp_ms, &out->offset,
                                        &out->timestamp_ms) &&
                out->offset < end;
        break;
    }
    if (found) {
        out->leader_epoch = p->leader_epoch;
    } else {
        out->offset = -1;
        out->timestamp_ms = -1;
    }
}

static void encode(struct mock_request *r, int16_t override) {
    const struct mock_list_offsets_request *q = &r->u.list_offsets;
    struct mock_list_offsets_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        struct mock_list_offsets_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        int16_t error = override;
        if (!error && !mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, topic->name)) {
            error = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
        }
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            const struct mock_list_offsets_partition *asked = &q->topics[t].partitions[i];
            struct mock_list_offsets_partition_response *out = &topic->partitions[i];
            *out = (struct mock_list_offsets_partition_response){asked->index, error, -1, -1, -1};
            if (!error) {
                look_up(r, topic->name, asked, out);
            }
            r->error = r->error ? r->error : out->error_code;
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_list_offsets_response_encode(b, r->header.api_version, &response);
}

void mock_list_offsets_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

void mock_list_offsets_apply(struct mock_request *r) {
    encode(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
