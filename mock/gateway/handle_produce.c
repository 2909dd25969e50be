/*
 * Produce: checked here, accepted or refused by the mock cluster, then checked for its sequence and
 * kept whole in our log. This file has the order of things; produce.h says where each of them is.
 */
#include <stdlib.h>

#include "mock/gateway/produce.h"

#define FIRST_ID_VERSION 13

/* A partition and its place in the request. */
struct place {
    int32_t index;
    size_t at;
};

static int compare_places(const void *a, const void *b) {
    const struct place *x = a;
    const struct place *y = b;
    int order = (x->index > y->index) - (x->index < y->index);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static bool ascends(const struct mock_produce_topic *topic) {
    size_t i = 1;
    while (i < topic->partition_count &&
           topic->partitions[i - 1].index < topic->partitions[i].index) {
        i++;
    }
    return i >= topic->partition_count;
}

/* Of a partition that is named more than once the last one counts: Kafka puts them into a table. */
static int drop_repeats(struct base_arena *arena, struct mock_produce_topic *topic) {
    size_t count = topic->partition_count;
    if (ascends(topic)) {
        return 0;
    }
    struct place *places = base_arena_alloc_array(arena, count, sizeof(*places));
    bool *dropped = base_arena_alloc_array(arena, count, sizeof(*dropped));
    if (!places || !dropped) {
        return arena->failed;
    }
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){topic->partitions[i].index, i};
    }
    qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 0; i + 1 < count; i++) {
        dropped[places[i].at] = places[i].index == places[i + 1].index;
    }
    topic->partition_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!dropped[i]) {
            topic->partitions[topic->partition_count++] = topic->partitions[i];
        }
    }
    return 0;
}

/* From this version on topics are called by their ids; names are put in where there are any. */
int mock_produce_decode(struct mock_request *r, struct base_reader *body) {
    struct mock_produce_request *q = &r->u.produce;
    int rc = mock_produce_request_decode(body, r->header.api_version, &r->arena, q);
    bool by_id = r->header.api_version >= FIRST_ID_VERSION;
    for (size_t t = 0; rc == 0 && t < q->topic_count; t++) {
        rc = drop_repeats(&r->arena, &q->topics[t]);
    }
    for (size_t t = 0; rc == 0 && by_id && t < q->topic_count; t++) {
        const struct mock_topic *topic =
            mock_topic_find_id(r->connection->broker, &q->topics[t].id);
        if (topic) {
            q->topics[t].name = base_arena_slice(&r->arena, base_slice_str(topic->name));
        }
    }
    return rc < 0 ? rc : r->arena.failed;
}

static int list_parts(struct mock_request *r) {
    const struct mock_produce_request *request = &r->u.produce;
    size_t count = 0;
    for (size_t t = 0; t < request->topic_count; t++) {
        count += request->topics[t].partition_count;
    }
    struct mock_produce_work *work = base_arena_alloc(&r->arena, sizeof(*work));
    struct mock_produced *parts = base_arena_alloc_array(&r->arena, count, sizeof(*parts));
    if (!work || !parts) {
        return BASE_NO_MEMORY;
    }
    work->parts = parts;
    for (size_t t = 0; t < request->topic_count; t++) {
        int16_t error = mock_produce_check_topic(r, &request->topics[t]);
        for (size_t i = 0; i < request->topics[t].partition_count; i++) {
            parts[work->count++] = (struct mock_produced){
                .topic_name = request->topics[t].name,
                .error = error,
                .index = request->topics[t].partitions[i].index,
                .records = request->topics[t].partitions[i].records,
                .base_offset = -1,
                .log_start = -1,
                .timestamp = -1,
            };
        }
    }
    r->produce_work = work;
    return 0;
}

void mock_produce_apply(struct mock_request *r) {
    struct base_slice message = BASE_SLICE_NULL;
    r->silent = r->u.produce.acks == 0;
    int16_t error = mock_produce_check_request(r, &message);
    if (error) {
        mock_produce_answer_all(r, error, message);
        return;
    }
    if (list_parts(r) < 0) {
        mock_request_fail(r, "no memory");
        return;
    }
    for (size_t i = 0; i < r->produce_work->count; i++) {
        error = mock_produce_check(r, &r->produce_work->parts[i]);
        if (error) {
            r->produce_work = NULL;
            mock_produce_answer_all(r, error, BASE_SLICE_NULL);
            return;
        }
    }
    if (mock_produce_would_accept(r)) {
        mock_request_finish(r);
    } else {
        mock_produce_ask(r);
    }
}

void mock_produce_finish(struct mock_request *r) {
    for (size_t i = 0; i < r->produce_work->count; i++) {
        struct mock_produced *p = &r->produce_work->parts[i];
        if (!p->error) {
            mock_produce_append(r, p);
        } else {
            mock_produce_verify_refused(r, p);
        }
        p->waits = r->u.produce.acks == MOCK_ACKS_ALL && !p->error;
    }
    if (mock_produce_is_replicated(r) || r->orphan) {
        mock_produce_answer(r);
    } else {
        mock_produce_wait(r);
    }
}

void mock_produce_clean_up(struct mock_request *r) {
    mock_produce_stop_waiting(r);
    for (size_t i = 0; r->produce_work && i < r->produce_work->count; i++) {
        mock_stored_batch_unref(r->produce_work->parts[i].appended);
        r->produce_work->parts[i].appended = NULL;
    }
}
