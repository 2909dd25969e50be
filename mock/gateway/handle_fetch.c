/*
 * Fetch: served from our own log, several batches a partition, woken by an append; within fetch
 * sessions (KIP-227) the rest of what is asked for is known.
 */
#include "mock/gateway/fetch.h"

/* What is asked for is complete from here on: faults, and those who ask where a reader stands, see
 * the session's partitions as if the request had listed them. */
int mock_fetch_decode(struct mock_request *r, struct base_reader *body) {
    int rc = mock_fetch_request_decode(body, r->header.api_version, &r->arena, &r->u.fetch);
    if (rc < 0) {
        return rc;
    }
    r->fetch_work = base_arena_alloc(&r->arena, sizeof(*r->fetch_work));
    if (!r->fetch_work) {
        return BASE_NO_MEMORY;
    }
    mock_fetch_name_topics(r);
    return mock_fetch_session_look(r);
}

static size_t partition_count(const struct mock_fetch_request *q) {
    size_t count = 0;
    for (size_t t = 0; t < q->topic_count; t++) {
        count += q->topics[t].partition_count;
    }
    return count;
}

void mock_fetch_apply(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    struct mock_fetch_work *work = r->fetch_work;
    int failed;
    int16_t error = mock_fetch_session_enter(r, &failed);
    if (error) {
        mock_fetch_answer_error(r, error, MOCK_SESSION_NONE);
        return;
    }
    work->count = partition_count(&r->u.fetch);
    work->served = base_arena_alloc_array(&r->arena, work->count, sizeof(*work->served));
    if (failed || !work->served) {
        mock_request_fail(r, "no memory");
        return;
    }
    mock_fetch_note_position(r, true);
    if (!mock_actor_is_parked(broker, r->connection->actor) &&
        (r->u.fetch.max_wait_ms <= 0 || mock_fetch_is_ready(r))) {
        mock_fetch_note_position(r, false);
        mock_fetch_serve(r);
        return;
    }
    mock_fetch_park(r);
}

/* Of these Kafka does not know which partitions are meant. */
static bool is_of_session(int16_t error) {
    return error == MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND ||
           error == MOCK_ERROR_INVALID_FETCH_SESSION_EPOCH ||
           error == MOCK_ERROR_FETCH_SESSION_TOPIC_ID_ERROR;
}

void mock_fetch_refuse(struct mock_request *r, int16_t error) {
    const struct mock_fetch_request *q = &r->u.fetch;
    size_t topics = is_of_session(error) ? 0 : q->topic_count;
    struct mock_fetch_response response = {
        .throttle_time_ms = r->throttle_ms, .error_code = error, .topic_count = topics};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < topics; t++) {
        struct mock_fetch_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
        topic->id = q->topics[t].id;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            topic->partitions[i] = (struct mock_fetch_partition_response){
                .index = q->topics[t].partitions[i].index,
                .error_code = error,
                .high_watermark = -1,
                .last_stable_offset = -1,
                .log_start_offset = -1,
                .preferred_read_replica = -1,
            };
        }
    }
    struct base_builder *b = mock_request_answer(r);
    b->failed = b->failed ? b->failed : r->arena.failed;
    r->carries = false;
    mock_fetch_response_encode(b, r->header.api_version, &response);
}

void mock_fetch_clean_up(struct mock_request *r) {
    struct mock_fetch_work *work = r->fetch_work;
    mock_fetch_unpark(r);
    for (size_t s = 0; work && s < work->count && work->served; s++) {
        for (size_t i = 0; i < work->served[s].count; i++) {
            mock_stored_batch_unref(work->served[s].batches[i]);
        }
        mock_stored_batch_unref(work->served[s].cut);
    }
    if (work) {
        mock_session_unref(work->session);
        work->session = NULL;
    }
}
