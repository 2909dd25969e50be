/*
 * Fetch: served from our own log, several batches a partition, woken by an append.
 *
 * No fetch sessions yet: every answer says session 0, and a client that names another is told that
 * it is gone (KIP-227), so it sends its whole list each time.
 */
#include <string.h>

#include "base/memory.h"
#include "mock/gateway/handlers.h"

#define MAX_BATCHES_A_PARTITION 4096u

struct served {
    struct mock_topic *topic;
    int32_t partition;
    int64_t asked;
    struct mock_stored_batch **batches; /* referenced */
    size_t count;
};

struct mock_fetch_work {
    struct served *served; /* one for each partition of the request */
    size_t count;
    bool built;
};

struct mock_parked_actor {
    struct mock_parked_actor *next;
    char *actor;
};

int mock_fetch_decode(struct mock_request *r, struct base_reader *body) {
    return mock_fetch_request_decode(body, r->header.api_version, &r->arena, &r->u.fetch);
}

static const char *reader_name(const struct mock_request *r) {
    return r->connection->actor;
}

/* -- what can be served -- */

static int16_t check(const struct mock_request *r, struct base_slice topic,
                     const struct mock_partition *p, const struct mock_fetch_partition *asked) {
    if (!mock_request_would(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic)) {
        return MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    }
    if (!p) {
        return MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (p->leader != r->connection->node) {
        return MOCK_ERROR_NOT_LEADER_OR_FOLLOWER;
    }
    if (asked->current_leader_epoch >= 0 && asked->current_leader_epoch < p->leader_epoch) {
        return MOCK_ERROR_FENCED_LEADER_EPOCH;
    }
    if (asked->current_leader_epoch > p->leader_epoch) {
        return MOCK_ERROR_UNKNOWN_LEADER_EPOCH;
    }
    if (asked->fetch_offset < mock_log_start(p->log) ||
        asked->fetch_offset > mock_log_end(p->log)) {
        return MOCK_ERROR_OFFSET_OUT_OF_RANGE;
    }
    return MOCK_ERROR_NONE;
}

/* Is there something to say now: an error, or MinBytes of records? */
static bool is_ready(const struct mock_request *r) {
    const struct mock_fetch_request *q = &r->u.fetch;
    size_t want = q->min_bytes > 0 ? (size_t)q->min_bytes : 0;
    size_t have = 0;
    bool any = false;
    for (size_t t = 0; t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            const struct mock_fetch_partition *asked = &q->topics[t].partitions[i];
            const struct mock_partition *p =
                mock_partition_find(r->connection->broker, q->topics[t].name, asked->index, NULL);
            any = true;
            if (check(r, q->topics[t].name, p, asked)) {
                return true;
            }
            have += mock_log_available(p->log, asked->fetch_offset, want - have);
            if (have >= want) {
                return true;
            }
        }
    }
    return !any || want == 0;
}

/* -- the answer -- */

static void read_partition(struct mock_request *r, const struct mock_fetch_partition *asked,
                           struct mock_partition *p, size_t *left, bool *any, struct served *s,
                           struct mock_fetch_partition_response *out) {
    size_t limit = asked->max_bytes > 0 ? (size_t)asked->max_bytes : 0;
    limit = limit < *left ? limit : *left;
    struct mock_stored_batch *found[MAX_BATCHES_A_PARTITION];
    size_t bytes = 0;
    size_t count = mock_log_read(p->log, asked->fetch_offset, limit, !*any, found,
                                 MAX_BATCHES_A_PARTITION, &bytes);
    s->batches = base_arena_alloc_array(&r->arena, count, sizeof(struct mock_stored_batch *));
    out->chunks = base_arena_alloc_array(&r->arena, count + 1, sizeof(*out->chunks));
    if (!s->batches || !out->chunks) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        s->batches[i] = mock_stored_batch_ref(found[i]);
        out->chunks[i] = mock_stored_batch_slice(found[i]);
    }
    s->count = count;
    out->chunk_count = count;
    /* Kafka sends a slice of its file: the batch after those is cut where the limit is. */
    size_t next = mock_log_find(p->log, asked->fetch_offset) + count;
    if (count > 0 && count < MAX_BATCHES_A_PARTITION && bytes < limit &&
        next < mock_log_batch_count(p->log)) {
        out->chunks[out->chunk_count] = mock_stored_batch_slice(mock_log_batch(p->log, next));
        out->chunks[out->chunk_count++].len = limit - bytes;
        bytes = limit;
    }
    *any = *any || count > 0;
    *left -= bytes < *left ? bytes : *left;
}

static void build_partition(struct mock_request *r, struct base_slice name,
                            const struct mock_fetch_partition *asked, size_t *left, bool *any,
                            struct served *s, struct mock_fetch_partition_response *out) {
    struct mock_topic *topic = NULL;
    struct mock_partition *p =
        mock_partition_find(r->connection->broker, name, asked->index, &topic);
    *out = (struct mock_fetch_partition_response){
        .index = asked->index,
        .error_code = check(r, name, p, asked),
        .high_watermark = -1,
        .last_stable_offset = -1,
        .log_start_offset = -1,
        .preferred_read_replica = -1,
    };
    s->topic = topic;
    s->partition = asked->index;
    s->asked = asked->fetch_offset;
    if (out->error_code == MOCK_ERROR_NONE) {
        out->high_watermark = mock_log_end(p->log);
        out->last_stable_offset = out->high_watermark;
        out->log_start_offset = mock_log_start(p->log);
        out->has_aborted = r->u.fetch.isolation_level == 1;
        read_partition(r, asked, p, left, any, s, out);
    }
    r->error = r->error ? r->error : out->error_code;
}

static size_t partition_count(const struct mock_fetch_request *q) {
    size_t count = 0;
    for (size_t t = 0; t < q->topic_count; t++) {
        count += q->topics[t].partition_count;
    }
    return count;
}

/* About what the answer takes: its batches, and room for what is around them. */
static size_t answer_bytes(const struct mock_fetch_work *work, const struct mock_fetch_request *q) {
    size_t bytes = 64 + q->topic_count * (BASE_MAX_TOPIC_NAME_BYTES + 16);
    for (size_t s = 0; s < work->count; s++) {
        bytes += 64;
        for (size_t i = 0; i < work->served[s].count; i++) {
            bytes += work->served[s].batches[i]->len;
        }
    }
    return bytes;
}

static void serve(struct mock_request *r) {
    const struct mock_fetch_request *q = &r->u.fetch;
    struct mock_fetch_work *work = r->fetch_work;
    struct mock_fetch_response response = {.throttle_time_ms = r->throttle_ms,
                                           .topic_count = q->topic_count};
    size_t left = q->max_bytes > 0 ? (size_t)q->max_bytes : 0;
    bool any = false;
    size_t at = 0;
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < q->topic_count; t++) {
        struct mock_fetch_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        (void)mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic->name); /* told, once */
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            build_partition(r, topic->name, &q->topics[t].partitions[i], &left, &any,
                            &work->served[at++], &topic->partitions[i]);
        }
    }
    if (r->arena.failed) {
        mock_request_fail(r, "no memory");
        return;
    }
    work->built = true;
    r->carries = any;
    struct base_builder *b = mock_request_answer(r);
    base_builder_reserve(b, answer_bytes(work, q));
    mock_fetch_response_encode(b, r->header.api_version, &response);
    mock_request_answered(r, r->error);
}

void mock_fetch_refuse(struct mock_request *r, int16_t error) {
    const struct mock_fetch_request *q = &r->u.fetch;
    /* A session that is not there has no partitions to speak of. */
    size_t topics = error == MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND ? 0 : q->topic_count;
    struct mock_fetch_response response = {
        .throttle_time_ms = r->throttle_ms, .error_code = error, .topic_count = topics};
    response.topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response.topics));
    for (size_t t = 0; response.topics && t < topics; t++) {
        struct mock_fetch_topic_response *topic = &response.topics[t];
        topic->name = q->topics[t].name;
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

/* -- parking -- */

static void note_position(struct mock_request *r, bool waiting) {
    const struct mock_fetch_request *q = &r->u.fetch;
    for (size_t t = 0; t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            struct mock_partition *p = mock_partition_find(r->connection->broker, q->topics[t].name,
                                                           q->topics[t].partitions[i].index, NULL);
            struct mock_reader *reader =
                p ? mock_reader_get(p, reader_name(r), r->connection->incarnation) : NULL;
            if (!reader) {
                continue;
            }
            if (waiting) {
                reader->offset = q->topics[t].partitions[i].fetch_offset;
                reader->waiting = r;
            } else if (reader->waiting == r) {
                reader->waiting = NULL;
            }
        }
    }
}

static void unpark(struct mock_request *r) {
    if (!r->parked) {
        return;
    }
    struct mock_request **at = &r->connection->broker->parked;
    while (*at && *at != r) {
        at = &(*at)->next_parked;
    }
    if (*at) {
        *at = r->next_parked;
    }
    r->parked = false;
    note_position(r, false);
}

void mock_fetch_clean_up(struct mock_request *r) {
    unpark(r);
    for (size_t s = 0; r->fetch_work && s < r->fetch_work->count; s++) {
        struct served *served = &r->fetch_work->served[s];
        for (size_t i = 0; i < served->count; i++) {
            mock_stored_batch_unref(served->batches[i]);
        }
    }
}

void mock_fetch_apply(struct mock_request *r) {
    struct mock_broker *broker = r->connection->broker;
    const struct mock_fetch_request *q = &r->u.fetch;
    if (q->session_id != 0 && q->session_epoch > 0) {
        mock_fetch_refuse(r, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
        mock_request_answered(r, MOCK_ERROR_FETCH_SESSION_ID_NOT_FOUND);
        return;
    }
    struct mock_fetch_work *work = base_arena_alloc(&r->arena, sizeof(*work));
    size_t count = partition_count(q);
    struct served *served = base_arena_alloc_array(&r->arena, count, sizeof(*served));
    if (!work || !served) {
        mock_request_fail(r, "no memory");
        return;
    }
    work->served = served;
    work->count = count;
    r->fetch_work = work;
    note_position(r, true);
    if (!mock_actor_is_parked(broker, reader_name(r)) && (is_ready(r) || q->max_wait_ms <= 0)) {
        note_position(r, false);
        serve(r);
        return;
    }
    r->deadline_ms =
        mock_broker_now_ms(broker) + (uint64_t)(q->max_wait_ms > 0 ? q->max_wait_ms : 0);
    r->parked = true;
    r->next_parked = broker->parked;
    broker->parked = r;
    mock_broker_schedule(broker);
    mock_broker_touch(broker);
}

static bool asks_for(const struct mock_request *r, const struct mock_partition *partition) {
    const struct mock_fetch_request *q = &r->u.fetch;
    for (size_t t = 0; t < q->topic_count; t++) {
        struct mock_topic *topic = mock_topic_find(r->connection->broker, q->topics[t].name);
        if (!topic || partition < topic->partitions ||
            partition >= topic->partitions + topic->partition_count) {
            continue;
        }
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            if (q->topics[t].partitions[i].index == partition - topic->partitions) {
                return true;
            }
        }
    }
    return false;
}

/* Serves the parked fetches that are due. partition: only those that ask for it. */
static void serve_due(struct mock_broker *broker, const struct mock_partition *partition,
                      uint64_t now_ms) {
    bool again = true;
    while (again) {
        again = false;
        for (struct mock_request *r = broker->parked; r; r = r->next_parked) {
            bool due = partition ? asks_for(r, partition) && is_ready(r) : r->deadline_ms <= now_ms;
            if (due && !r->connection->frozen && !mock_actor_is_parked(broker, reader_name(r))) {
                unpark(r);
                serve(r); /* may change the list */
                again = true;
                break;
            }
        }
    }
}

void mock_fetch_wake(struct mock_broker *broker, const struct mock_partition *partition) {
    if (broker->parked) {
        serve_due(broker, partition, 0);
    }
}

void mock_fetch_expire(struct mock_broker *broker) {
    serve_due(broker, NULL, mock_broker_now_ms(broker));
}

uint64_t mock_fetch_next_deadline(const struct mock_broker *broker) {
    uint64_t next = UINT64_MAX;
    for (const struct mock_request *r = broker->parked; r; r = r->next_parked) {
        if (r->deadline_ms < next && !r->connection->frozen &&
            !mock_actor_is_parked(broker, reader_name(r))) {
            next = r->deadline_ms;
        }
    }
    return next;
}

/* -- actors that are paused -- */

bool mock_actor_is_parked(const struct mock_broker *broker, const char *actor) {
    const struct mock_parked_actor *a = broker->parked_actors;
    while (a && strcmp(a->actor, actor) != 0) {
        a = a->next;
    }
    return a != NULL;
}

void mock_actor_park(struct mock_broker *broker, const char *actor, bool parked) {
    struct mock_parked_actor **at = &broker->parked_actors;
    while (*at && strcmp((*at)->actor, actor) != 0) {
        at = &(*at)->next;
    }
    if (parked == (*at != NULL)) {
        return;
    }
    if (!parked) {
        struct mock_parked_actor *gone = *at;
        *at = gone->next;
        base_free(gone->actor);
        base_free(gone);
        /* Those that were ready or due meanwhile are served from the log as it is now. */
        for (struct mock_request *r = broker->parked; r; r = r->next_parked) {
            if (strcmp(reader_name(r), actor) == 0 && is_ready(r)) {
                r->deadline_ms = 0;
            }
        }
        mock_broker_schedule(broker);
        return;
    }
    struct mock_parked_actor *added = base_alloc_zero(sizeof(*added));
    if (added) {
        added->actor = base_strdup(actor);
        added->next = broker->parked_actors;
        broker->parked_actors = added;
    }
}

void mock_parked_actors_free(struct mock_broker *broker) {
    while (broker->parked_actors) {
        struct mock_parked_actor *next = broker->parked_actors->next;
        base_free(broker->parked_actors->actor);
        base_free(broker->parked_actors);
        broker->parked_actors = next;
    }
}

/* -- what was served -- */

void mock_fetch_each_served(const struct mock_request *r, mock_served_fn visit, void *arg) {
    for (size_t s = 0; r->fetch_work && s < r->fetch_work->count; s++) {
        const struct served *served = &r->fetch_work->served[s];
        for (size_t i = 0; i < served->count; i++) {
            if (!visit(arg, served->topic, served->partition, served->batches[i])) {
                return;
            }
        }
    }
}

void mock_fetch_sent(struct mock_request *r, bool dropped) {
    if (dropped || !r->carries || r->fate == MOCK_FATE_CUT) {
        return;
    }
    struct mock_event event;
    mock_request_event(r, MOCK_EVENT_SERVE, &event);
    for (size_t s = 0; r->fetch_work && s < r->fetch_work->count; s++) {
        const struct served *served = &r->fetch_work->served[s];
        for (size_t i = 0; i < served->count; i++) {
            event.topic = served->topic->name;
            event.partition = served->partition;
            event.offset = served->asked;
            event.batch = served->batches[i];
            mock_broker_emit(r->connection->broker, &event);
        }
    }
}
