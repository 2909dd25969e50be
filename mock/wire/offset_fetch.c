/* OffsetFetch: see offset_fetch.h. */
#include "mock/wire/offset_fetch.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

static void get_topic(struct mock_decoder *d, struct mock_offset_fetch_topic *p) {
    p->name = d->version <= 9 ? mock_get_string(d) : base_slice_str("");
    if (d->version >= 10) {
        p->id = mock_get_uuid(d);
    }
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_topic(struct mock_encoder *e, const struct mock_offset_fetch_topic *p) {
    if (e->version <= 9) {
        mock_put_string(e, p->name);
    } else {
        mock_put_uuid(e, p->id);
    }
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

/* The topics of one group: null (all of them) is possible from v2 on. */
static void get_topics(struct mock_decoder *d, struct mock_offset_fetch_group *p) {
    p->topics = mock_get_nullable_array(d, sizeof(*p->topics), 3, &p->topic_count, &p->all_topics);
    if (p->all_topics && d->version < 2) {
        base_reader_fail(d->r, BASE_MALFORMED);
    }
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic(d, &p->topics[i]);
    }
}

static void put_topics(struct mock_encoder *e, const struct mock_offset_fetch_group *p) {
    if (p->all_topics && e->version >= 2) {
        mock_put_null_array(e);
        return;
    }
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic(e, &p->topics[i]);
    }
}

/* From v8 on, a list of groups with the same content. */
static void get_groups(struct mock_decoder *d, struct mock_offset_fetch_request *p) {
    p->groups = mock_get_array(d, sizeof(*p->groups), 3, &p->group_count);
    for (size_t i = 0; i < p->group_count; i++) {
        p->groups[i].group_id = mock_get_string(d);
        p->groups[i].member_id = d->version >= 9 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
        p->groups[i].member_epoch = d->version >= 9 ? base_read_i32(d->r) : -1;
        get_topics(d, &p->groups[i]);
        mock_get_tags(d);
    }
}

/* Before v8 the fields of the one group are the request's own. */
static void get_single_group(struct mock_decoder *d, struct mock_offset_fetch_request *p) {
    p->groups = base_arena_alloc(d->arena, sizeof(*p->groups));
    if (!p->groups) {
        base_reader_fail(d->r, d->arena->failed);
        return;
    }
    p->group_count = 1;
    p->groups[0].group_id = mock_get_string(d);
    p->groups[0].member_id = BASE_SLICE_NULL;
    p->groups[0].member_epoch = -1;
    get_topics(d, &p->groups[0]);
}

static void get_request(struct mock_decoder *d, struct mock_offset_fetch_request *p) {
    if (d->version >= 8) {
        get_groups(d, p);
    } else {
        get_single_group(d, p);
    }
    p->require_stable = d->version >= 7 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_offset_fetch_request *p) {
    if (e->version >= 8) {
        mock_put_count(e, p->group_count);
    } else if (p->group_count != 1) {
        /* The form has room for exactly one group. */
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
        return;
    }
    for (size_t i = 0; i < p->group_count; i++) {
        mock_put_string(e, p->groups[i].group_id);
        if (e->version >= 9) {
            mock_put_nullable_string(e, p->groups[i].member_id);
            base_put_i32(e->b, p->groups[i].member_epoch);
        }
        put_topics(e, &p->groups[i]);
        if (e->version >= 8) {
            mock_put_tags(e);
        }
    }
    if (e->version >= 7) {
        base_put_bool(e->b, p->require_stable);
    }
    mock_put_tags(e);
}

int mock_offset_fetch_request_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_offset_fetch_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_OFFSET_FETCH, version);
    struct mock_offset_fetch_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_offset_fetch_request_encode(struct base_builder *b, int16_t version,
                                      const struct mock_offset_fetch_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_OFFSET_FETCH, version);
    put_request(&e, request);
}

static void get_partition_response(struct mock_decoder *d,
                                   struct mock_offset_fetch_partition_response *p) {
    p->index = base_read_i32(d->r);
    p->offset = base_read_i64(d->r);
    p->leader_epoch = d->version >= 5 ? base_read_i32(d->r) : -1;
    p->metadata = mock_get_nullable_string(d);
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_partition_response(struct mock_encoder *e,
                                   const struct mock_offset_fetch_partition_response *p) {
    base_put_i32(e->b, p->index);
    base_put_i64(e->b, p->offset);
    if (e->version >= 5) {
        base_put_i32(e->b, p->leader_epoch);
    }
    mock_put_nullable_string(e, p->metadata);
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

static void get_topic_response(struct mock_decoder *d, struct mock_offset_fetch_topic_response *p) {
    p->name = d->version <= 9 ? mock_get_string(d) : base_slice_str("");
    if (d->version >= 10) {
        p->id = mock_get_uuid(d);
    }
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 16, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_partition_response(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_topic_response(struct mock_encoder *e,
                               const struct mock_offset_fetch_topic_response *p) {
    if (e->version <= 9) {
        mock_put_string(e, p->name);
    } else {
        mock_put_uuid(e, p->id);
    }
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_partition_response(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_topic_responses(struct mock_decoder *d,
                                struct mock_offset_fetch_group_response *p) {
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_topic_response(d, &p->topics[i]);
    }
}

static void put_topic_responses(struct mock_encoder *e,
                                const struct mock_offset_fetch_group_response *p) {
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_topic_response(e, &p->topics[i]);
    }
}

static void get_single_group_response(struct mock_decoder *d,
                                      struct mock_offset_fetch_response *p) {
    p->groups = base_arena_alloc(d->arena, sizeof(*p->groups));
    if (!p->groups) {
        base_reader_fail(d->r, d->arena->failed);
        return;
    }
    p->group_count = 1;
    p->groups[0].group_id = base_slice_str("");
    get_topic_responses(d, &p->groups[0]);
    p->groups[0].error_code = d->version >= 2 ? base_read_i16(d->r) : 0;
}

static void get_response(struct mock_decoder *d, struct mock_offset_fetch_response *p) {
    p->throttle_time_ms = d->version >= 3 ? base_read_i32(d->r) : 0;
    if (d->version >= 8) {
        p->groups = mock_get_array(d, sizeof(*p->groups), 5, &p->group_count);
        for (size_t i = 0; i < p->group_count; i++) {
            p->groups[i].group_id = mock_get_string(d);
            get_topic_responses(d, &p->groups[i]);
            p->groups[i].error_code = base_read_i16(d->r);
            mock_get_tags(d);
        }
    } else {
        get_single_group_response(d, p);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_offset_fetch_response *p) {
    if (e->version < 8 && p->group_count != 1) {
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
        return;
    }
    if (e->version >= 3) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    if (e->version >= 8) {
        mock_put_count(e, p->group_count);
    }
    for (size_t i = 0; i < p->group_count; i++) {
        if (e->version >= 8) {
            mock_put_string(e, p->groups[i].group_id);
        }
        put_topic_responses(e, &p->groups[i]);
        if (e->version >= 2) {
            base_put_i16(e->b, p->groups[i].error_code);
        }
        if (e->version >= 8) {
            mock_put_tags(e);
        }
    }
    mock_put_tags(e);
}

int mock_offset_fetch_response_decode(struct base_reader *r, int16_t version,
                                      struct base_arena *arena,
                                      struct mock_offset_fetch_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_OFFSET_FETCH, version);
    struct mock_offset_fetch_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_offset_fetch_response_encode(struct base_builder *b, int16_t version,
                                       const struct mock_offset_fetch_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_OFFSET_FETCH, version);
    put_response(&e, response);
}
