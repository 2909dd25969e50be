/* OffsetForLeaderEpoch: where an epoch of leadership ended in the log, so that a client that has
 * read further knows that what it read is gone (KIP-320). */
#include "mock/gateway/handlers.h"

int mock_offset_for_leader_epoch_decode(struct mock_request *r, struct base_reader *body) {
    return mock_offset_for_leader_epoch_request_decode(body, r->header.api_version, &r->arena,
                                                       &r->u.offset_for_leader_epoch);
}

static void look_up(const struct mock_request *r, struct base_slice topic,
                    const struct mock_epoch_partition *asked, struct mock_epoch_end *out) {
    const struct mock_partition *p =
        mock_partition_find(r->connection->broker, topic, asked->index, NULL);
    out->error_code =
        p ? mock_partition_check_epoch(p, r->connection->node, asked->current_leader_epoch, true)
          : MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    if (!out->error_code) {
        mock_epochs_end_of(mock_log_epochs(p->log), asked->leader_epoch, mock_log_end(p->log),
                           &out->leader_epoch, &out->end_offset);
    }
}

/* Brokers ask too; a client needs to be able to describe the topic. */
static int16_t check_right(struct mock_request *r, struct base_slice topic) {
    return mock_request_would(r, MOCK_ACL_CLUSTER_ACTION, MOCK_ACL_CLUSTER,
                              base_slice_str(MOCK_ACL_CLUSTER_NAME)) ||
                   mock_request_may(r, MOCK_ACL_DESCRIBE, MOCK_ACL_TOPIC, topic)
               ? MOCK_ERROR_NONE
               : MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
}

static void encode(struct mock_request *r, int16_t override) {
    const struct mock_offset_for_leader_epoch_request *q = &r->u.offset_for_leader_epoch;
    struct mock_offset_for_leader_epoch_response response = {r->throttle_ms, NULL, q->topic_count};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        struct mock_epoch_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        int16_t error = override ? override : check_right(r, topic->name);
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            const struct mock_epoch_partition *asked = &q->topics[t].partitions[i];
            struct mock_epoch_end *out = &topic->partitions[i];
            *out = (struct mock_epoch_end){error, asked->index, MOCK_EPOCH_NONE, -1};
            if (!error) {
                look_up(r, topic->name, asked, out);
            }
            r->error = r->error ? r->error : out->error_code;
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_offset_for_leader_epoch_response_encode(b, r->header.api_version, &response);
}

void mock_offset_for_leader_epoch_refuse(struct mock_request *r, int16_t error) {
    encode(r, error);
}

void mock_offset_for_leader_epoch_apply(struct mock_request *r) {
    encode(r, MOCK_ERROR_NONE);
    mock_request_answered(r, r->error);
}
