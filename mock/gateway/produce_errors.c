/*
 * How Kafka tells that records of a batch are refused: each by its number, with a sentence of its
 * own, and one sentence for all of them (LogValidator.processRecordErrors). Any time that is not
 * taken makes the whole an INVALID_TIMESTAMP.
 */
#include <inttypes.h>

#include "base/limits.h"
#include "base/memory.h"
#include "mock/gateway/gateway.h"

/* An answer must stay in proportion to what was asked; Kafka names all. */
#define MAX_NAMED 1000
/* So many of them are quoted in the sentence for all. */
#define QUOTED 3

struct naming {
    struct mock_request *request;
    const struct mock_batch_rules *rules;
    struct mock_produce_refusal *refusal;
    size_t cap;
    int32_t count; /* also those that are not named */
    struct base_slice no_key;
};

static struct base_slice keep(struct mock_request *r, struct base_builder *text) {
    struct base_slice said = base_builder_slice(text);
    char *copy = base_arena_strndup(&r->arena, (const char *)said.data, said.len);
    base_builder_clean_up(text);
    return base_slice_str(copy);
}

static struct base_slice say_time(const struct naming *n, int32_t index, int64_t timestamp_ms) {
    struct base_builder text;
    base_builder_init(&text, BASE_MIB);
    base_put_format(&text,
                    "Timestamp %" PRId64 " of message with offset %" PRId32
                    " is out of range. The timestamp should be within [%" PRId64 ", %" PRId64 "]",
                    timestamp_ms, index, n->rules->min_timestamp_ms, n->rules->max_timestamp_ms);
    return keep(n->request, &text);
}

static void name(void *arg, int32_t index, int16_t error_code, int64_t timestamp_ms) {
    struct naming *n = arg;
    n->count++;
    if (error_code == MOCK_ERROR_INVALID_TIMESTAMP) {
        n->refusal->error = error_code;
    }
    if (n->refusal->record_count < n->cap) {
        n->refusal->records[n->refusal->record_count++] = (struct mock_produce_record_error){
            index, error_code == MOCK_ERROR_INVALID_TIMESTAMP ? say_time(n, index, timestamp_ms)
                                                              : n->no_key};
    }
}

static struct base_slice say_all(const struct naming *n) {
    struct base_builder text;
    if (n->refusal->error == MOCK_ERROR_INVALID_TIMESTAMP) {
        return base_slice_str("One or more records have been rejected due to invalid timestamp");
    }
    base_builder_init(&text, BASE_MIB);
    base_put_format(&text,
                    "One or more records have been rejected due to %" PRId32
                    " record errors in total, and only showing the first three errors at most: [",
                    n->count);
    for (size_t i = 0; i < n->refusal->record_count && i < QUOTED; i++) {
        const struct mock_produce_record_error *e = &n->refusal->records[i];
        base_put_format(&text, "%sRecordError(batchIndex=%" PRId32 ", message='", i ? ", " : "",
                        e->batch_index);
        base_put_slice(&text, e->message);
        base_put_str(&text, "')");
    }
    base_put_str(&text, "]");
    return keep(n->request, &text);
}

void mock_produce_name_records(struct mock_request *r, struct base_slice records,
                               const struct mock_batch_rules *rules, struct base_slice topic,
                               int32_t partition, struct mock_produce_refusal *refusal) {
    struct base_builder text;
    struct mock_batch_header header;
    if (mock_batch_header_decode(records, &header) != 0) {
        return;
    }
    struct naming n = {.request = r, .rules = rules, .refusal = refusal};
    n.cap = header.record_count < MAX_NAMED ? (size_t)header.record_count : MAX_NAMED;
    base_builder_init(&text, BASE_MIB);
    base_put_str(&text, "Compacted topic cannot accept message without key in topic partition ");
    base_put_slice(&text, topic);
    base_put_format(&text, "-%" PRId32, partition);
    n.no_key = keep(r, &text);
    refusal->records = base_arena_alloc_array(&r->arena, n.cap, sizeof(*refusal->records));
    if (refusal->records) {
        mock_batch_each_refused(records, rules, name, &n);
        refusal->message = n.count > 0 ? say_all(&n) : BASE_SLICE_NULL;
    }
}
