/* Produce: the answer, in the shape of the request, and the facts that it tells. */
#include "mock/gateway/leader_hints.h"
#include "mock/gateway/produce.h"

#define FIRST_HINT_VERSION 10

static void fill_part(const struct mock_produced *p, struct mock_produce_partition_response *out) {
    *out = (struct mock_produce_partition_response){
        .index = p->index,
        .error_code = p->error,
        .base_offset = p->base_offset,
        .log_append_time_ms = p->timestamp,
        .log_start_offset = p->log_start,
        .error_message = p->message,
        .record_errors = p->bad_records,
        .record_error_count = p->bad_record_count,
    };
}

/* KIP-951: who is not asked for tells who is. */
static void hint_leader(const struct mock_request *r, const struct mock_produced *p,
                        struct mock_hints *hints, struct mock_produce_partition_response *out) {
    const struct mock_partition *partition =
        p->error == MOCK_ERROR_NOT_LEADER_OR_FOLLOWER && r->header.api_version >= FIRST_HINT_VERSION
            ? mock_partition_find(r->connection->broker, p->topic_name, p->index, NULL)
            : NULL;
    if (partition) {
        out->has_current_leader = true;
        mock_hint_leader(r, partition, hints, &out->current_leader);
    }
}

static void fill_refused(int32_t index, int16_t error, struct base_slice message,
                         struct mock_produce_partition_response *out) {
    *out = (struct mock_produce_partition_response){
        .index = index,
        .error_code = error,
        .base_offset = -1,
        .log_append_time_ms = -1,
        .log_start_offset = -1,
        .error_message = message,
    };
}

/* override: says this error, and the message, everywhere instead (if not 0). */
static void encode(struct mock_request *r, int16_t override, struct base_slice message) {
    const struct mock_produce_request *request = &r->u.produce;
    struct mock_produce_response response = {.topic_count = request->topic_count,
                                             .throttle_time_ms = r->throttle_ms};
    response.topics =
        base_arena_alloc_array(&r->arena, request->topic_count, sizeof(*response.topics));
    struct mock_hints hints = {.count = 0};
    size_t at = 0;
    for (size_t t = 0; response.topics && t < request->topic_count; t++) {
        const struct mock_produce_topic *asked = &request->topics[t];
        struct mock_produce_topic_response *topic = &response.topics[t];
        topic->name = asked->name;
        topic->id = asked->id;
        topic->partition_count = asked->partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++, at++) {
            if (override) {
                fill_refused(asked->partitions[i].index, override, message, &topic->partitions[i]);
            } else {
                fill_part(&r->produce_work->parts[at], &topic->partitions[i]);
                hint_leader(r, &r->produce_work->parts[at], &hints, &topic->partitions[i]);
            }
        }
    }
    response.endpoints = hints.endpoints;
    response.endpoint_count = hints.count;
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    mock_produce_response_encode(b, r->header.api_version, &response);
}

void mock_produce_refuse(struct mock_request *r, int16_t error) {
    encode(r, error, BASE_SLICE_NULL);
}

void mock_produce_answer_all(struct mock_request *r, int16_t error, struct base_slice message) {
    encode(r, error, message);
    mock_request_answered(r, error);
}

void mock_produce_answer(struct mock_request *r) {
    int16_t first_error = MOCK_ERROR_NONE;
    for (size_t i = 0; i < r->produce_work->count; i++) {
        first_error = first_error ? first_error : r->produce_work->parts[i].error;
    }
    encode(r, MOCK_ERROR_NONE, BASE_SLICE_NULL);
    mock_request_answered(r, first_error);
}

void mock_produce_sent(struct mock_request *r, bool dropped) {
    const struct mock_produce_request *request = &r->u.produce;
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_ACK, &event);
    event.dropped = dropped;
    size_t at = 0;
    for (size_t t = 0; r->decoded && t < request->topic_count; t++) {
        struct base_slice called = request->topics[t].name; /* null: an id that nobody has */
        char *name = base_slice_is_null(called)
                         ? base_arena_strdup(&r->arena, "")
                         : base_arena_strndup(&r->arena, (const char *)called.data, called.len);
        for (size_t i = 0; name && i < request->topics[t].partition_count; i++, at++) {
            bool refused = !r->produce_work || r->fate == MOCK_FATE_APPLY_ERROR;
            event.topic = name;
            event.partition = request->topics[t].partitions[i].index;
            event.error = refused ? r->error : r->produce_work->parts[at].error;
            event.offset = refused ? -1 : r->produce_work->parts[at].base_offset;
            event.text = refused ? NULL : r->produce_work->parts[at].reason;
            mock_broker_emit(r->connection->broker, &event);
        }
    }
}
