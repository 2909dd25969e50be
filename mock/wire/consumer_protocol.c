/* The consumer protocol inside JoinGroup and SyncGroup: see consumer_protocol.h. */
#include "mock/wire/consumer_protocol.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

/* The protocol has no flexible version: classic lengths, no tags. Reads the version, too. */
static struct mock_decoder decoder_of(struct base_reader *r, struct base_arena *arena) {
    int16_t version = base_read_i16(r);
    if (version < 0) {
        base_reader_fail(r, BASE_MALFORMED);
    }
    return (struct mock_decoder){r, arena, version, false};
}

static int finish(const struct mock_decoder *d) {
    if (d->arena->failed) {
        base_reader_fail(d->r, d->arena->failed);
    }
    return d->r->failed;
}

static struct mock_topic_partitions *get_topics(struct mock_decoder *d, size_t *ret_count) {
    struct mock_topic_partitions *topics = mock_get_array(d, sizeof(*topics), 6, ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        topics[i].topic = mock_get_string(d);
        topics[i].partitions = mock_get_i32_array(d, &topics[i].partition_count);
    }
    return topics;
}

static void put_topics(struct mock_encoder *e, const struct mock_topic_partitions *topics,
                       size_t count) {
    mock_put_count(e, count);
    for (size_t i = 0; i < count; i++) {
        mock_put_string(e, topics[i].topic);
        mock_put_i32_array(e, topics[i].partitions, topics[i].partition_count);
    }
}

int mock_subscription_decode(struct base_slice bytes, struct base_arena *arena,
                             struct mock_subscription *ret_subscription) {
    struct base_reader r = base_reader_of(bytes);
    struct mock_decoder d = decoder_of(&r, arena);
    struct mock_subscription s = {0};
    s.version = d.version;
    s.topics = mock_get_string_array(&d, &s.topic_count);
    s.user_data = mock_get_nullable_bytes(&d);
    if (d.version >= 1) {
        s.owned = get_topics(&d, &s.owned_count);
    }
    s.generation_id = d.version >= 2 ? base_read_i32(&r) : -1;
    s.rack_id = d.version >= 3 ? mock_get_nullable_string(&d) : BASE_SLICE_NULL;
    int code = finish(&d);
    if (code) {
        return code;
    }
    *ret_subscription = s;
    return 0;
}

void mock_subscription_encode(struct base_builder *b,
                              const struct mock_subscription *subscription) {
    struct mock_encoder e = {b, subscription->version, false};
    base_put_i16(b, subscription->version);
    mock_put_string_array(&e, subscription->topics, subscription->topic_count);
    mock_put_nullable_bytes(&e, subscription->user_data);
    if (e.version >= 1) {
        put_topics(&e, subscription->owned, subscription->owned_count);
    }
    if (e.version >= 2) {
        base_put_i32(b, subscription->generation_id);
    }
    if (e.version >= 3) {
        mock_put_nullable_string(&e, subscription->rack_id);
    }
}

int mock_assignment_decode(struct base_slice bytes, struct base_arena *arena,
                           struct mock_assignment *ret_assignment) {
    struct mock_assignment a = {0};
    if (bytes.len > 0) {
        struct base_reader r = base_reader_of(bytes);
        struct mock_decoder d = decoder_of(&r, arena);
        a.version = d.version;
        a.topics = get_topics(&d, &a.topic_count);
        a.user_data = mock_get_nullable_bytes(&d);
        int code = finish(&d);
        if (code) {
            return code;
        }
    }
    *ret_assignment = a;
    return 0;
}

void mock_assignment_encode(struct base_builder *b, const struct mock_assignment *assignment) {
    struct mock_encoder e = {b, assignment->version, false};
    base_put_i16(b, assignment->version);
    put_topics(&e, assignment->topics, assignment->topic_count);
    mock_put_nullable_bytes(&e, assignment->user_data);
}
