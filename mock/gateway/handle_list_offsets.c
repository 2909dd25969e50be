/* ListOffsets: earliest, latest, the largest timestamp, or the first record at or after a time. */
#include "mock/gateway/handlers.h"

#define TIMESTAMP_LATEST (-1)
#define TIMESTAMP_EARLIEST (-2)
#define TIMESTAMP_MAX (-3)
#define TIMESTAMP_EARLIEST_LOCAL (-4)
#define TIMESTAMP_LATEST_TIERED (-5)
#define TIMESTAMP_EARLIEST_PENDING_UPLOAD (-6)
/* From these versions on a client may ask for them. */
#define FIRST_MAX_VERSION 7
#define FIRST_LOCAL_VERSION 8
#define FIRST_TIERED_VERSION 9
#define FIRST_PENDING_VERSION 11
#define FIRST_NOT_AVAILABLE_VERSION 5
/* Replica ids that are none. */
#define CONSUMER (-1)
#define DEBUGGING_CONSUMER (-2)
#define READ_COMMITTED 1

int mock_list_offsets_decode(struct mock_request *r, struct base_reader *body) {
    return mock_list_offsets_request_decode(body, r->header.api_version, &r->arena,
                                            &r->u.list_offsets);
}

/* What this reader may see of the log: less than all of it, for a consumer (fetchOffsetForTimestamp
 * of Kafka's Partition). */
static int64_t fetchable_end(const struct mock_request *r, const struct mock_partition *p) {
    const struct mock_list_offsets_request *q = &r->u.list_offsets;
    if (q->replica_id != CONSUMER) {
        return mock_log_end(p->log);
    }
    return q->isolation_level == READ_COMMITTED ? mock_partition_stable_offset(p)
                                                : mock_partition_high_watermark(p);
}

/* The high watermark is not known to be past what the leader began with: a consumer that was told
 * of less might step back. */
static int16_t check_watermark(const struct mock_request *r, const struct mock_partition *p) {
    if (r->u.list_offsets.replica_id != CONSUMER ||
        p->epoch_start <= mock_partition_high_watermark(p)) {
        return MOCK_ERROR_NONE;
    }
    return r->header.api_version < FIRST_NOT_AVAILABLE_VERSION ? MOCK_ERROR_LEADER_NOT_AVAILABLE
                                                               : MOCK_ERROR_OFFSET_NOT_AVAILABLE;
}

static bool may_be_asked(int64_t timestamp_ms, int16_t version) {
    switch (timestamp_ms) {
    case TIMESTAMP_MAX:
        return version >= FIRST_MAX_VERSION;
    case TIMESTAMP_EARLIEST_LOCAL:
        return version >= FIRST_LOCAL_VERSION;
    case TIMESTAMP_LATEST_TIERED:
        return version >= FIRST_TIERED_VERSION;
    case TIMESTAMP_EARLIEST_PENDING_UPLOAD:
        return version >= FIRST_PENDING_VERSION;
    default:
        return timestamp_ms >= TIMESTAMP_EARLIEST;
    }
}

static int16_t check(const struct mock_request *r, const struct mock_partition *p,
                     const struct mock_list_offsets_partition *asked) {
    if (!may_be_asked(asked->timestamp_ms, r->header.api_version)) {
        return MOCK_ERROR_UNSUPPORTED_VERSION;
    }
    if (!p) {
        return MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    }
    return mock_partition_check_epoch(p, r->connection->node, asked->current_leader_epoch,
                                      r->u.list_offsets.replica_id != DEBUGGING_CONSUMER);
}

static void find_by_time(const struct mock_request *r, const struct mock_partition *p,
                         int64_t timestamp_ms, struct mock_list_offsets_partition_response *out) {
    bool found =
        timestamp_ms == TIMESTAMP_MAX
            ? mock_log_max_timestamp(p->log, &out->offset, &out->timestamp_ms)
            : mock_log_find_timestamp(p->log, timestamp_ms, &out->offset, &out->timestamp_ms);
    if (found && out->offset < fetchable_end(r, p)) {
        out->leader_epoch = mock_epochs_at(mock_log_epochs(p->log), out->offset);
        return;
    }
    out->error_code = found ? check_watermark(r, p) : MOCK_ERROR_NONE;
    out->offset = -1;
    out->timestamp_ms = -1;
}

static void look_up(const struct mock_request *r, struct base_slice topic,
                    const struct mock_list_offsets_partition *asked,
                    struct mock_list_offsets_partition_response *out) {
    const struct mock_partition *p =
        mock_partition_find(r->connection->broker, topic, asked->index, NULL);
    out->error_code = check(r, p, asked);
    if (out->error_code) {
        return;
    }
    const struct mock_epoch_entry *first = mock_epochs_earliest(mock_log_epochs(p->log));
    switch (asked->timestamp_ms) {
    case TIMESTAMP_LATEST:
        out->error_code = check_watermark(r, p);
        if (!out->error_code) {
            out->offset = fetchable_end(r, p);
            out->leader_epoch = p->leader_epoch;
        }
        break;
    case TIMESTAMP_EARLIEST_LOCAL: /* nothing is kept elsewhere */
    case TIMESTAMP_EARLIEST:
        out->offset = mock_log_start(p->log);
        out->leader_epoch = first && first->start <= out->offset ? first->epoch : MOCK_EPOCH_NONE;
        break;
    case TIMESTAMP_LATEST_TIERED:
    case TIMESTAMP_EARLIEST_PENDING_UPLOAD:
        break; /* no offset */
    default:
        find_by_time(r, p, asked->timestamp_ms, out);
        break;
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
