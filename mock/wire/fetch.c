/* Fetch: see fetch.h. */
#include "mock/wire/fetch.h"

#include <string.h>

#include "mock/wire/primitive.h"

#define FIRST_TAGGED_VERSION 12
#define FIRST_ID_VERSION 13
#define FIRST_STATE_VERSION 15
#define FIRST_ENDPOINT_VERSION 16
#define FIRST_DIRECTORY_VERSION 17
#define FIRST_WATERMARK_VERSION 18

enum { TAG_DIRECTORY = 0, TAG_WATERMARK = 1 };                        /* of an asked partition */
enum { TAG_CLUSTER = 0, TAG_STATE = 1 };                              /* of the request */
enum { TAG_DIVERGING = 0, TAG_CURRENT_LEADER = 1, TAG_SNAPSHOT = 2 }; /* of an answered one */
enum { TAG_ENDPOINTS = 0 };                                           /* of the response */

static void get_topic_name(struct mock_decoder *d, struct base_slice *name, struct mock_uuid *id) {
    if (d->version >= FIRST_ID_VERSION) {
        *id = mock_get_uuid(d);
    } else {
        *name = mock_get_string(d);
    }
}

static void put_topic_name(struct mock_encoder *e, struct base_slice name, struct mock_uuid id) {
    if (e->version >= FIRST_ID_VERSION) {
        mock_put_uuid(e, id);
    } else {
        mock_put_string(e, name);
    }
}

/* Decoded records are one chunk, or none. */
static void get_chunks(struct mock_decoder *d, struct mock_fetch_partition_response *p) {
    struct base_slice records = mock_get_nullable_bytes(d);
    if (records.len == 0) {
        return;
    }
    p->chunks = base_arena_alloc(d->arena, sizeof(*p->chunks));
    if (p->chunks) {
        p->chunks[0] = records;
        p->chunk_count = 1;
    }
}

/* The chunks that are left out; NULL wherever one is passed: none is. */
struct apart {
    size_t min_bytes;
    struct mock_fetch_gap *gaps;
    size_t count;
};

static void put_chunks(struct mock_encoder *e, const struct mock_fetch_partition_response *p,
                       struct apart *apart) {
    size_t bytes = 0;
    for (size_t i = 0; i < p->chunk_count; i++) {
        bytes += p->chunks[i].len;
    }
    mock_put_bytes_length(e, bytes);
    for (size_t i = 0; i < p->chunk_count; i++) {
        if (apart && p->chunks[i].len >= apart->min_bytes) {
            apart->gaps[apart->count++] = (struct mock_fetch_gap){e->b->len, p->chunks[i]};
        } else {
            base_put_slice(e->b, p->chunks[i]);
        }
    }
}

static bool get_partition_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_fetch_partition *p = message;
    if (tag == TAG_DIRECTORY && d->version >= FIRST_DIRECTORY_VERSION) {
        p->replica_directory_id = mock_get_uuid(d);
        return true;
    }
    if (tag == TAG_WATERMARK && d->version >= FIRST_WATERMARK_VERSION) {
        p->has_high_watermark = true;
        p->high_watermark = base_read_i64(d->r);
        return true;
    }
    return false;
}

static void put_partition_tags(struct mock_encoder *e, const struct mock_fetch_partition *p) {
    static const struct mock_uuid none;
    bool directory = e->version >= FIRST_DIRECTORY_VERSION &&
                     memcmp(&p->replica_directory_id, &none, sizeof(none)) != 0;
    bool watermark = e->version >= FIRST_WATERMARK_VERSION && p->has_high_watermark;
    if (!directory && !watermark) {
        mock_put_tags(e);
        return;
    }
    mock_put_tag_count(e, (uint32_t)(directory + watermark));
    if (directory) {
        size_t begun = mock_put_tag_begin(e, TAG_DIRECTORY);
        mock_put_uuid(e, p->replica_directory_id);
        mock_put_tag_end(e, begun);
    }
    if (watermark) {
        size_t begun = mock_put_tag_begin(e, TAG_WATERMARK);
        base_put_i64(e->b, p->high_watermark);
        mock_put_tag_end(e, begun);
    }
}

static void get_partition(struct mock_decoder *d, struct mock_fetch_partition *p) {
    p->index = base_read_i32(d->r);
    p->current_leader_epoch = d->version >= 9 ? base_read_i32(d->r) : -1;
    p->fetch_offset = base_read_i64(d->r);
    p->last_fetched_epoch = d->version >= 12 ? base_read_i32(d->r) : -1;
    p->log_start_offset = d->version >= 5 ? base_read_i64(d->r) : -1;
    p->max_bytes = base_read_i32(d->r);
    mock_get_known_tags(d, get_partition_tag, p);
}

static void put_partition(struct mock_encoder *e, const struct mock_fetch_partition *p) {
    base_put_i32(e->b, p->index);
    if (e->version >= 9) {
        base_put_i32(e->b, p->current_leader_epoch);
    }
    base_put_i64(e->b, p->fetch_offset);
    if (e->version >= 12) {
        base_put_i32(e->b, p->last_fetched_epoch);
    }
    if (e->version >= 5) {
        base_put_i64(e->b, p->log_start_offset);
    }
    base_put_i32(e->b, p->max_bytes);
    put_partition_tags(e, p);
}

static void get_topic(struct mock_decoder *d, struct mock_fetch_topic *p) {
    get_topic_name(d, &p->name, &p->id);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 16, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_fetch_topic *p) {
    put_topic_name(e, p->name, p->id);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_forgotten_topic(struct mock_decoder *d, struct mock_fetch_forgotten_topic *p) {
    get_topic_name(d, &p->name, &p->id);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_forgotten_topic(struct mock_encoder *e,
                                const struct mock_fetch_forgotten_topic *p) {
    put_topic_name(e, p->name, p->id);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static bool get_request_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_fetch_request *p = message;
    if (tag == TAG_CLUSTER) {
        p->cluster_id = mock_get_nullable_string(d);
        return true;
    }
    if (tag == TAG_STATE && d->version >= FIRST_STATE_VERSION) {
        p->replica_id = base_read_i32(d->r);
        p->replica_epoch = base_read_i64(d->r);
        mock_get_tags(d);
        return true;
    }
    return false;
}

/* A consumer has no state. */
static void put_request_tags(struct mock_encoder *e, const struct mock_fetch_request *p) {
    bool cluster = e->flexible && !base_slice_is_null(p->cluster_id);
    bool state = e->version >= FIRST_STATE_VERSION && p->replica_id >= 0;
    if (!cluster && !state) {
        mock_put_tags(e);
        return;
    }
    mock_put_tag_count(e, (uint32_t)(cluster + state));
    if (cluster) {
        size_t begun = mock_put_tag_begin(e, TAG_CLUSTER);
        mock_put_nullable_string(e, p->cluster_id);
        mock_put_tag_end(e, begun);
    }
    if (state) {
        size_t begun = mock_put_tag_begin(e, TAG_STATE);
        base_put_i32(e->b, p->replica_id);
        base_put_i64(e->b, p->replica_epoch);
        mock_put_tags(e);
        mock_put_tag_end(e, begun);
    }
}

static void get_request(struct mock_decoder *d, struct mock_fetch_request *p) {
    p->replica_id = d->version < FIRST_STATE_VERSION ? base_read_i32(d->r) : -1;
    p->replica_epoch = -1;
    p->max_wait_ms = base_read_i32(d->r);
    p->min_bytes = base_read_i32(d->r);
    p->max_bytes = base_read_i32(d->r);
    p->isolation_level = base_read_i8(d->r);
    p->session_id = d->version >= 7 ? base_read_i32(d->r) : 0;
    p->session_epoch = d->version >= 7 ? base_read_i32(d->r) : -1;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
    if (d->version >= 7) {
        p->forgotten = mock_get_array(d, sizeof(*p->forgotten), 3, &p->forgotten_count);
        for (size_t i = 0; i < p->forgotten_count; i++) {
            get_forgotten_topic(d, &p->forgotten[i]);
        }
    }
    p->rack_id = d->version >= 11 ? mock_get_string(d) : base_slice_str("");
    mock_get_known_tags(d, get_request_tag, p);
}

static void put_request(struct mock_encoder *e, const struct mock_fetch_request *p) {
    if (e->version < FIRST_STATE_VERSION) {
        base_put_i32(e->b, p->replica_id);
    }
    base_put_i32(e->b, p->max_wait_ms);
    base_put_i32(e->b, p->min_bytes);
    base_put_i32(e->b, p->max_bytes);
    base_put_i8(e->b, p->isolation_level);
    if (e->version >= 7) {
        base_put_i32(e->b, p->session_id);
        base_put_i32(e->b, p->session_epoch);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
    if (e->version >= 7) {
        mock_put_count(e, p->forgotten_count);
        for (size_t i = 0; i < p->forgotten_count; i++) {
            put_forgotten_topic(e, &p->forgotten[i]);
        }
    }
    if (e->version >= 11) {
        mock_put_string(e, p->rack_id);
    }
    put_request_tags(e, p);
}

int mock_fetch_request_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                              struct mock_fetch_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_FETCH, version);
    struct mock_fetch_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_fetch_request_encode(struct base_builder *b, int16_t version,
                               const struct mock_fetch_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_FETCH, version);
    put_request(&e, request);
}

static bool get_partition_response_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_fetch_partition_response *p = message;
    switch (tag) {
    case TAG_DIVERGING:
        p->has_diverging_epoch = true;
        p->diverging_epoch.epoch = base_read_i32(d->r);
        p->diverging_epoch.end_offset = base_read_i64(d->r);
        mock_get_tags(d);
        return true;
    case TAG_CURRENT_LEADER:
        p->has_current_leader = true;
        mock_get_leader_hint(d, &p->current_leader);
        return true;
    case TAG_SNAPSHOT:
        p->has_snapshot_id = true;
        p->snapshot_id.end_offset = base_read_i64(d->r);
        p->snapshot_id.epoch = base_read_i32(d->r);
        mock_get_tags(d);
        return true;
    default:
        return false;
    }
}

static void put_partition_response_tags(struct mock_encoder *e,
                                        const struct mock_fetch_partition_response *p) {
    int count = p->has_diverging_epoch + p->has_current_leader + p->has_snapshot_id;
    if (count == 0 || e->version < FIRST_TAGGED_VERSION) {
        mock_put_tags(e);
        return;
    }
    mock_put_tag_count(e, (uint32_t)count);
    if (p->has_diverging_epoch) {
        size_t begun = mock_put_tag_begin(e, TAG_DIVERGING);
        base_put_i32(e->b, p->diverging_epoch.epoch);
        base_put_i64(e->b, p->diverging_epoch.end_offset);
        mock_put_tags(e);
        mock_put_tag_end(e, begun);
    }
    if (p->has_current_leader) {
        mock_put_leader_hint(e, TAG_CURRENT_LEADER, &p->current_leader);
    }
    if (p->has_snapshot_id) {
        size_t begun = mock_put_tag_begin(e, TAG_SNAPSHOT);
        base_put_i64(e->b, p->snapshot_id.end_offset);
        base_put_i32(e->b, p->snapshot_id.epoch);
        mock_put_tags(e);
        mock_put_tag_end(e, begun);
    }
}

static void get_partition_response(struct mock_decoder *d,
                                   struct mock_fetch_partition_response *p) {
    p->index = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->high_watermark = base_read_i64(d->r);
    p->last_stable_offset = base_read_i64(d->r);
    p->log_start_offset = d->version >= 5 ? base_read_i64(d->r) : -1;
    bool is_null = false;
    p->aborted = mock_get_nullable_array(d, sizeof(*p->aborted), 16, &p->aborted_count, &is_null);
    p->has_aborted = !is_null;
    for (size_t i = 0; i < p->aborted_count; i++) {
        p->aborted[i].producer_id = base_read_i64(d->r);
        p->aborted[i].first_offset = base_read_i64(d->r);
        mock_get_tags(d);
    }
    p->preferred_read_replica = d->version >= 11 ? base_read_i32(d->r) : -1;
    get_chunks(d, p);
    mock_get_known_tags(d, get_partition_response_tag, p);
}

static void put_partition_response(struct mock_encoder *e,
                                   const struct mock_fetch_partition_response *p,
                                   struct apart *apart) {
    base_put_i32(e->b, p->index);
    base_put_i16(e->b, p->error_code);
    base_put_i64(e->b, p->high_watermark);
    base_put_i64(e->b, p->last_stable_offset);
    if (e->version >= 5) {
        base_put_i64(e->b, p->log_start_offset);
    }
    if (!p->has_aborted) {
        mock_put_null_array(e);
    } else {
        mock_put_count(e, p->aborted_count);
        for (size_t i = 0; i < p->aborted_count; i++) {
            base_put_i64(e->b, p->aborted[i].producer_id);
            base_put_i64(e->b, p->aborted[i].first_offset);
            mock_put_tags(e);
        }
    }
    if (e->version >= 11) {
        base_put_i32(e->b, p->preferred_read_replica);
    }
    put_chunks(e, p, apart);
    put_partition_response_tags(e, p);
}

static void get_topic_response(struct mock_decoder *d, struct mock_fetch_topic_response *p) {
    get_topic_name(d, &p->name, &p->id);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 30, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_response(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_response(struct mock_encoder *e, const struct mock_fetch_topic_response *p,
                               struct apart *apart) {
    put_topic_name(e, p->name, p->id);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_response(e, &p->partitions[i], apart);
    }
    mock_put_tags(e);
}

static bool get_response_tag(struct mock_decoder *d, uint32_t tag, void *message) {
    struct mock_fetch_response *p = message;
    if (tag != TAG_ENDPOINTS || d->version < FIRST_ENDPOINT_VERSION) {
        return false;
    }
    p->endpoints = mock_get_node_endpoints(d, &p->endpoint_count);
    return true;
}

static void get_response(struct mock_decoder *d, struct mock_fetch_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = d->version >= 7 ? base_read_i16(d->r) : 0;
    p->session_id = d->version >= 7 ? base_read_i32(d->r) : 0;
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
    mock_get_known_tags(d, get_response_tag, p);
}

static void put_response(struct mock_encoder *e, const struct mock_fetch_response *p,
                         struct apart *apart) {
    base_put_i32(e->b, p->throttle_time_ms);
    if (e->version >= 7) {
        base_put_i16(e->b, p->error_code);
        base_put_i32(e->b, p->session_id);
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i], apart);
    }
    if (e->version >= FIRST_ENDPOINT_VERSION && p->endpoint_count > 0) {
        mock_put_tag_count(e, 1);
        mock_put_node_endpoints(e, TAG_ENDPOINTS, p->endpoints, p->endpoint_count);
    } else {
        mock_put_tags(e);
    }
}

int mock_fetch_response_decode(struct base_reader *r, int16_t version, struct base_arena *arena,
                               struct mock_fetch_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_FETCH, version);
    struct mock_fetch_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_fetch_response_encode(struct base_builder *b, int16_t version,
                                const struct mock_fetch_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_FETCH, version);
    put_response(&e, response, NULL);
}

void mock_fetch_response_encode_apart(struct base_builder *b, int16_t version,
                                      const struct mock_fetch_response *response,
                                      size_t apart_bytes, struct mock_fetch_gap *ret_gaps,
                                      size_t *ret_gap_count) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_FETCH, version);
    struct apart apart = {.min_bytes = apart_bytes, .gaps = ret_gaps};
    put_response(&e, response, &apart);
    *ret_gap_count = apart.count;
}
