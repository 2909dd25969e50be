/* What a Fetch can be served from the log, and its answer. */
#include <string.h>

#include "mock/gateway/fetch.h"
#include "mock/gateway/leader_hints.h"

#define MAX_BATCHES_A_PARTITION 4096u
/* KIP-392: from this version on followers serve consumers. */
#define FIRST_FOLLOWER_VERSION 11
#define FIRST_ID_VERSION 13
#define FIRST_HINT_VERSION 16
#define READ_COMMITTED 1

/* -- what can be served -- */

/* A partition that is asked for; p is NULL when it cannot be read, with the error that says why. */
struct wanted {
    const struct mock_fetch_partition *asked;
    struct mock_topic *topic;
    struct mock_partition *p;
    int16_t error;
    bool is_read; /* Kafka went as far as the log: an error is worth an answer at once */
    bool diverges;
    struct mock_fetch_diverging_epoch diverging;
    int32_t preferred; /* -1: none */
    int64_t until;     /* what the reader sees ends before it */
};

/* A consumer sees what all in-sync replicas have, with read_committed what is decided. */
static int64_t readable_end(const struct mock_request *r, const struct mock_partition *p) {
    int64_t end = mock_partition_visible_end(p, r->connection->node);
    int64_t stable = mock_partition_stable_offset(p);
    return r->u.fetch.isolation_level == READ_COMMITTED && stable < end ? stable : end;
}

static void find_partition(const struct mock_request *r, const struct mock_fetch_topic *t,
                           struct wanted *w) {
    const struct mock_broker *broker = r->connection->broker;
    bool by_id = r->header.api_version >= FIRST_ID_VERSION;
    struct mock_topic *topic = mock_topic_find(broker, t->name);
    if (by_id && (!topic || memcmp(&topic->id, &t->id, sizeof(t->id)) != 0)) {
        w->error = MOCK_ERROR_UNKNOWN_TOPIC_ID;
    } else if (!mock_request_would(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, t->name)) {
        w->error = MOCK_ERROR_TOPIC_AUTHORIZATION_FAILED;
    } else if (!topic || w->asked->index < 0 || w->asked->index >= topic->partition_count) {
        w->error = MOCK_ERROR_UNKNOWN_TOPIC_OR_PARTITION;
    } else {
        w->topic = topic;
        w->p = &topic->partitions[w->asked->index];
    }
}

/* FetchRequest.optionalEpoch: any negative one is none. */
static int32_t epoch_or_none(int32_t epoch) {
    return epoch < 0 ? MOCK_EPOCH_NONE : epoch;
}

/* In Kafka's order (Partition.readRecords): epoch and leader, divergence, then the log. */
static void check_log(const struct mock_request *r, struct wanted *w) {
    const struct mock_fetch_partition *asked = w->asked;
    int16_t version = r->header.api_version;
    w->is_read = true;
    w->error = mock_partition_check_epoch(w->p, r->connection->node,
                                          epoch_or_none(asked->current_leader_epoch),
                                          version < FIRST_FOLLOWER_VERSION);
    if (w->error) {
        return;
    }
    w->preferred = mock_partition_preferred_replica(
        r->connection->broker, w->p, r->connection->node, r->u.fetch.rack_id, asked->fetch_offset);
    if (w->preferred >= 0) {
        return;
    }
    w->diverges =
        mock_partition_diverges(w->p, epoch_or_none(asked->last_fetched_epoch), asked->fetch_offset,
                                &w->diverging.epoch, &w->diverging.end_offset, &w->error);
    if (w->error || w->diverges) {
        return;
    }
    if (asked->fetch_offset < mock_log_start(w->p->log) ||
        asked->fetch_offset > mock_log_end(w->p->log)) {
        w->error = MOCK_ERROR_OFFSET_OUT_OF_RANGE;
    }
    w->until = readable_end(r, w->p);
}

static struct wanted look(const struct mock_request *r, const struct mock_fetch_topic *t,
                          const struct mock_fetch_partition *asked) {
    struct wanted w = {.asked = asked, .preferred = -1};
    find_partition(r, t, &w);
    if (w.p) {
        check_log(r, &w);
    }
    return w;
}

/* Partitions that nobody has, or that the reader may not read, are answered with the others; they
 * do not end the waiting for those (ReplicaManager.fetchMessages). */
bool mock_fetch_is_ready(const struct mock_request *r) {
    const struct mock_fetch_request *q = &r->u.fetch;
    size_t want = q->min_bytes > 0 ? (size_t)q->min_bytes : 0;
    size_t have = 0;
    bool any = false;
    for (size_t t = 0; t < q->topic_count; t++) {
        for (size_t i = 0; i < q->topics[t].partition_count; i++) {
            struct wanted w = look(r, &q->topics[t], &q->topics[t].partitions[i]);
            if (!w.is_read) {
                continue;
            }
            any = true;
            if (w.error || w.diverges || w.preferred >= 0) {
                return true;
            }
            have += mock_log_available(w.p->log, w.asked->fetch_offset, w.until, want - have);
            if (have >= want) {
                return true;
            }
        }
    }
    return !any || want == 0;
}

/* -- the answer -- */

/* What is left of the response's limit, and whether it carries records already. */
struct budget {
    size_t left;
    bool any;
};

/* The aborted transactions with a part between two offsets (LogSegment.collectAbortedTxns). */
static void list_aborted(struct mock_request *r, const struct mock_log *log, int64_t from,
                         int64_t until, struct mock_fetch_partition_response *out) {
    out->has_aborted = true;
    size_t count = mock_log_aborted_count(log);
    size_t first = count;
    /* They are in the order of their markers. */
    while (first > 0 && mock_log_aborted(log, first - 1).last_offset >= from) {
        first--;
    }
    if (first == count) {
        return;
    }
    out->aborted = base_arena_alloc_array(&r->arena, count - first, sizeof(*out->aborted));
    for (size_t i = first; out->aborted && i < count; i++) {
        struct mock_aborted_txn txn = mock_log_aborted(log, i);
        if (txn.first_offset < until) {
            out->aborted[out->aborted_count++] =
                (struct mock_fetch_aborted){txn.producer_id, txn.first_offset};
        }
    }
}

static void read_partition(struct mock_request *r, const struct wanted *w, struct budget *budget,
                           struct mock_served *s, struct mock_fetch_partition_response *out) {
    const struct mock_log *log = w->p->log;
    int64_t from = w->asked->fetch_offset;
    size_t limit = w->asked->max_bytes > 0 ? (size_t)w->asked->max_bytes : 0;
    limit = limit < budget->left ? limit : budget->left;
    struct mock_stored_batch *found[MAX_BATCHES_A_PARTITION];
    size_t bytes = 0;
    size_t count = mock_log_read(log, from, w->until, limit, !budget->any, found,
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
    if (r->u.fetch.isolation_level == READ_COMMITTED) {
        int64_t until = count > 0 ? found[count - 1]->last_offset + 1 : from;
        list_aborted(r, log, from, until, out);
    }
    /* Kafka sends a slice of its file: the batch after those is cut where the limit is. */
    size_t next = mock_log_find(log, from) + count;
    if (count > 0 && count < MAX_BATCHES_A_PARTITION && bytes < limit &&
        next < mock_log_batch_count(log) && mock_log_batch(log, next)->last_offset < w->until) {
        s->cut = mock_stored_batch_ref(mock_log_batch(log, next));
        out->chunks[out->chunk_count] = mock_stored_batch_slice(s->cut);
        out->chunks[out->chunk_count++].len = limit - bytes;
        bytes = limit;
    }
    budget->any = budget->any || count > 0;
    budget->left -= bytes < budget->left ? bytes : budget->left;
}

static void build_partition(struct mock_request *r, const struct mock_fetch_topic *t,
                            const struct mock_fetch_partition *asked, struct budget *budget,
                            struct mock_served *s, struct mock_hints *hints,
                            struct mock_fetch_partition_response *out) {
    struct wanted w = look(r, t, asked);
    *out = (struct mock_fetch_partition_response){
        .index = asked->index,
        .error_code = w.error,
        .high_watermark = -1,
        .last_stable_offset = -1,
        .log_start_offset = -1,
        .preferred_read_replica = w.preferred,
        .has_aborted = !w.is_read, /* empty, where Kafka did not go as far as the log */
        .has_diverging_epoch = w.diverges,
        .diverging_epoch = w.diverging,
    };
    s->topic = w.topic;
    s->partition = asked->index;
    s->asked = asked->fetch_offset;
    if (w.error == MOCK_ERROR_NONE) {
        int64_t stable = mock_partition_stable_offset(w.p);
        out->high_watermark = mock_partition_visible_end(w.p, r->connection->node);
        out->last_stable_offset = stable < out->high_watermark ? stable : out->high_watermark;
        out->log_start_offset = mock_log_start(w.p->log);
        if (!w.diverges && w.preferred < 0) {
            read_partition(r, &w, budget, s, out);
        }
    } else if (r->header.api_version >= FIRST_HINT_VERSION &&
               (w.error == MOCK_ERROR_NOT_LEADER_OR_FOLLOWER ||
                w.error == MOCK_ERROR_FENCED_LEADER_EPOCH)) {
        out->has_current_leader = true;
        mock_hint_leader(r, w.p, hints, &out->current_leader);
    }
}

static bool is_large(const struct mock_stored_batch *batch) {
    return batch && batch->len >= MOCK_BORROWED_MIN_BYTES;
}

/* About what the answer itself takes: small batches, and room for what is around them.
 * ret_large: how many batches are large. */
static size_t answer_bytes(const struct mock_fetch_work *work, const struct mock_fetch_request *q,
                           size_t *ret_large) {
    size_t bytes = 64 + q->topic_count * (BASE_MAX_TOPIC_NAME_BYTES + 16);
    size_t large = 0;
    for (size_t s = 0; s < work->count; s++) {
        bytes += 64;
        for (size_t i = 0; i < work->served[s].count; i++) {
            bool is = is_large(work->served[s].batches[i]);
            large += is;
            bytes += is ? 0 : work->served[s].batches[i]->len;
        }
        large += is_large(work->served[s].cut);
    }
    *ret_large = large;
    return bytes;
}

static struct mock_borrowed *borrow(const struct mock_fetch_work *work, size_t large) {
    struct mock_borrowed *borrowed = mock_borrowed_new(large);
    for (size_t s = 0; borrowed && s < work->count; s++) {
        const struct mock_served *served = &work->served[s];
        for (size_t i = 0; i < served->count; i++) {
            if (is_large(served->batches[i])) {
                mock_borrowed_hold(borrowed, served->batches[i]);
            }
        }
        if (is_large(served->cut)) {
            mock_borrowed_hold(borrowed, served->cut);
        }
    }
    return borrowed;
}

/* Large batches stay where they are. */
static void encode(struct mock_request *r, const struct mock_fetch_response *response) {
    struct base_builder *b = mock_request_answer(r);
    size_t large = 0;
    base_builder_reserve(b, answer_bytes(r->fetch_work, &r->u.fetch, &large));
    if (large == 0) {
        mock_fetch_response_encode(b, r->header.api_version, response);
        return;
    }
    struct mock_borrowed *borrowed = borrow(r->fetch_work, large);
    if (!borrowed) {
        b->failed = BASE_NO_MEMORY;
        return;
    }
    mock_fetch_response_encode_apart(b, r->header.api_version, response, MOCK_BORROWED_MIN_BYTES,
                                     borrowed->gaps, &borrowed->gap_count);
    mock_borrowed_count(borrowed);
    r->borrowed = borrowed;
    if (mock_request_answer_bytes(r) > b->max) {
        b->failed = b->failed ? b->failed : BASE_LIMIT;
    }
}

static void build(struct mock_request *r, struct mock_hints *hints,
                  struct mock_fetch_response *response) {
    const struct mock_fetch_request *q = &r->u.fetch;
    struct budget budget = {q->max_bytes > 0 ? (size_t)q->max_bytes : 0, false};
    size_t at = 0;
    response->topics = base_arena_alloc_array(&r->arena, q->topic_count, sizeof(*response->topics));
    for (size_t t = 0; response->topics && t < q->topic_count; t++) {
        struct mock_fetch_topic_response *topic = &response->topics[t];
        topic->name = q->topics[t].name;
        topic->id = q->topics[t].id;
        topic->partition_count = q->topics[t].partition_count;
        topic->partitions =
            base_arena_alloc_array(&r->arena, topic->partition_count, sizeof(*topic->partitions));
        if (!base_slice_is_null(topic->name)) {
            (void)mock_request_may(r, MOCK_ACL_READ, MOCK_ACL_TOPIC, topic->name); /* told, once */
        }
        for (size_t i = 0; topic->partitions && i < topic->partition_count; i++) {
            build_partition(r, &q->topics[t], &q->topics[t].partitions[i], &budget,
                            &r->fetch_work->served[at++], hints, &topic->partitions[i]);
        }
    }
    response->topic_count = q->topic_count;
    response->endpoints = hints->endpoints;
    response->endpoint_count = hints->count;
    r->carries = budget.any;
}

static int16_t first_error(const struct mock_fetch_response *response) {
    for (size_t t = 0; t < response->topic_count; t++) {
        for (size_t i = 0; i < response->topics[t].partition_count; i++) {
            if (response->topics[t].partitions[i].error_code) {
                return response->topics[t].partitions[i].error_code;
            }
        }
    }
    return MOCK_ERROR_NONE;
}

void mock_fetch_serve(struct mock_request *r) {
    struct mock_fetch_response response = {.throttle_time_ms = r->throttle_ms};
    struct mock_hints hints = {.count = 0};
    build(r, &hints, &response);
    int16_t error = r->arena.failed ? MOCK_ERROR_NONE : mock_fetch_session_leave(r, &response);
    if (r->arena.failed) {
        mock_request_fail(r, "no memory");
        return;
    }
    if (error) {
        r->carries = false;
        mock_fetch_answer_error(r, error, response.session_id);
        return;
    }
    encode(r, &response);
    mock_request_answered(r, first_error(&response));
}

void mock_fetch_answer_error(struct mock_request *r, int16_t error, int32_t session_id) {
    struct mock_fetch_response response = {
        .throttle_time_ms = r->throttle_ms, .error_code = error, .session_id = session_id};
    mock_fetch_response_encode(mock_request_answer(r), r->header.api_version, &response);
    mock_request_answered(r, error);
}

/* -- what was served -- */

void mock_fetch_each_served(const struct mock_request *r, mock_served_fn visit, void *arg) {
    for (size_t s = 0; r->fetch_work && s < r->fetch_work->count; s++) {
        const struct mock_served *served = &r->fetch_work->served[s];
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
    event.generation = 1 + r->u.fetch.isolation_level;
    for (size_t s = 0; r->fetch_work && s < r->fetch_work->count; s++) {
        const struct mock_served *served = &r->fetch_work->served[s];
        for (size_t i = 0; i < served->count; i++) {
            event.topic = served->topic->name;
            event.partition = served->partition;
            event.offset = served->asked;
            event.batch = served->batches[i];
            mock_broker_emit(r->connection->broker, &event);
        }
    }
}
