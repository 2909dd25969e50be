/*
 * Produce: how Kafka words what it refuses (LogValidator, ByteBufferLogInputStream): each bad
 * record with a sentence of its own, and one of the batch. Most refusals have no words at all.
 */
#include <inttypes.h>

#include "mock/gateway/produce.h"

/* A batch may have millions of records; so many bad ones are named, the rest is counted. */
#define MAX_NAMED 20000
/* Of the sentence for the batch. */
#define MAX_QUOTED 3

static struct base_slice keep(struct mock_request *r, struct base_builder *b) {
    struct base_slice kept =
        b->failed ? BASE_SLICE_NULL : base_arena_slice(&r->arena, base_builder_slice(b));
    base_builder_clean_up(b);
    return kept;
}

struct base_slice mock_produce_unreadable(struct mock_request *r, struct base_slice records,
                                          int code) {
    struct base_builder b;
    base_builder_init(&b, BASE_KIB);
    if (code == BASE_UNSUPPORTED) {
        base_put_format(&b, "Invalid magic found in record: %d",
                        (int8_t)records.data[MOCK_BATCH_MAGIC_AT]);
    } else {
        struct base_reader reader = base_reader_of(records);
        (void)base_read_i64(&reader);
        base_put_format(&b, "Record size %" PRId32 " is less than the minimum record overhead (14)",
                        base_read_i32(&reader));
    }
    return keep(r, &b);
}

/* -- the records -- */

struct naming {
    struct mock_request *r;
    struct mock_produced *p;
    const struct mock_batch_rules *rules;
    int64_t now_ms;
    struct base_slice without_key; /* the same sentence for all of them */
};

static struct base_slice say_without_key(struct naming *n) {
    if (base_slice_is_null(n->without_key)) {
        struct base_builder b;
        base_builder_init(&b, BASE_KIB);
        base_put_str(&b, "Compacted topic cannot accept message without key in topic partition ");
        base_put_slice(&b, n->p->topic_name);
        base_put_format(&b, "-%" PRId32, n->p->index);
        n->without_key = keep(n->r, &b);
    }
    return n->without_key;
}

/* Kafka adds and subtracts without looking for an overflow, and tells what comes of it. */
static int64_t wrap(int64_t a, uint64_t b) {
    return (int64_t)((uint64_t)a + b);
}

static struct base_slice say_out_of_time(const struct naming *n, const struct mock_record *record) {
    const struct mock_log_config *config = &n->p->topic->options.log;
    struct base_builder b;
    base_builder_init(&b, BASE_KIB);
    base_put_format(&b,
                    "Timestamp %" PRId64 " of message with offset %" PRId64
                    " is out of range. The timestamp should be within [%" PRId64 ", %" PRId64 "]",
                    record->timestamp_ms, record->offset,
                    wrap(n->now_ms, -(uint64_t)config->timestamp_before_max_ms),
                    wrap(n->now_ms, (uint64_t)config->timestamp_after_max_ms));
    return keep(n->r, &b);
}

/* Where Kafka keeps compressed content as it came, it reads no more than the lengths. */
static struct base_slice say_claims_append(const struct naming *n,
                                           const struct mock_record *record) {
    enum mock_codec codec = mock_batch_codec(&n->p->batch);
    bool skimmed = codec != MOCK_CODEC_NONE &&
                   mock_produce_codec(&n->p->topic->options.log, &n->p->batch) == codec;
    int64_t null_bytes = skimmed ? -1 : 0;
    struct base_builder b;
    base_builder_init(&b, BASE_KIB);
    base_put_format(&b,
                    "Invalid timestamp type in message %s(offset=%" PRId64 ", timestamp=%" PRId64
                    ", key=%" PRId64 " bytes, value=%" PRId64
                    " bytes). Producer should not set timestamp type to LogAppendTime.",
                    skimmed ? "PartialDefaultRecord" : "DefaultRecord", record->offset,
                    record->timestamp_ms,
                    base_slice_is_null(record->key) ? null_bytes : (int64_t)record->key.len,
                    base_slice_is_null(record->value) ? null_bytes : (int64_t)record->value.len);
    return keep(n->r, &b);
}

static struct base_slice say(struct naming *n, enum mock_record_fault fault,
                             const struct mock_record *record) {
    switch (fault) {
    case MOCK_RECORD_NO_KEY:
        return say_without_key(n);
    case MOCK_RECORD_OUT_OF_TIME:
        return say_out_of_time(n, record);
    case MOCK_RECORD_CLAIMS_APPEND:
        return say_claims_append(n, record);
    case MOCK_RECORD_GOOD:
        break;
    }
    return BASE_SLICE_NULL;
}

/* True: one of them is refused for its time. */
static bool name_each(struct naming *n, size_t most) {
    struct mock_produced *p = n->p;
    struct mock_record_iterator it;
    bool any_time = false;
    if (mock_record_iterator_init(&it, p->records) != 0) {
        return false;
    }
    struct mock_record record;
    for (int32_t i = 0; mock_record_iterator_next(&it, &record) > 0; i++) {
        enum mock_record_fault fault = mock_record_judge(&record, p->batch.attributes, n->rules);
        if (fault == MOCK_RECORD_GOOD) {
            continue;
        }
        any_time = any_time || fault != MOCK_RECORD_NO_KEY;
        if (p->bad_record_count < most) {
            p->bad_records[p->bad_record_count++] =
                (struct mock_produce_record_error){i, say(n, fault, &record)};
        }
    }
    mock_record_iterator_clean_up(&it);
    return any_time;
}

/* -- the batch -- */

static struct base_slice say_of_all(const struct naming *n, int32_t bad_records) {
    const struct mock_produced *p = n->p;
    struct base_builder b;
    base_builder_init(&b, 8 * BASE_KIB);
    base_put_format(&b,
                    "One or more records have been rejected due to %" PRId32
                    " record errors in total, and only showing the first three errors at most: [",
                    bad_records);
    for (size_t i = 0; i < p->bad_record_count && i < MAX_QUOTED; i++) {
        base_put_format(&b, "%sRecordError(batchIndex=%" PRId32 ", message='", i ? ", " : "",
                        p->bad_records[i].batch_index);
        base_put_slice(&b, p->bad_records[i].message);
        base_put_str(&b, "')");
    }
    base_put_str(&b, "]");
    return keep(n->r, &b);
}

void mock_produce_name_records(struct mock_request *r, struct mock_produced *p,
                               const struct mock_batch_rules *rules, int64_t now_ms,
                               int32_t bad_records) {
    size_t most = bad_records < MAX_NAMED ? (size_t)bad_records : MAX_NAMED;
    struct naming n = {r, p, rules, now_ms, BASE_SLICE_NULL};
    p->bad_records = base_arena_alloc_array(&r->arena, most, sizeof(*p->bad_records));
    if (!p->bad_records) {
        return; /* the arena has failed, and so will the answer */
    }
    p->message = name_each(&n, most)
                     ? base_slice_str("One or more records have been rejected due to invalid "
                                      "timestamp")
                     : say_of_all(&n, bad_records);
}
