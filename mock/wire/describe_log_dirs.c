/* DescribeLogDirs: see describe_log_dirs.h. */
#include "mock/wire/describe_log_dirs.h"

#include "mock/wire/primitive.h"

static void get_log_dirs_topic(struct mock_decoder *d, struct mock_log_dirs_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_i32_array(d, &p->partition_count);
    mock_get_tags(d);
}

static void put_log_dirs_topic(struct mock_encoder *e, const struct mock_log_dirs_topic *p) {
    mock_put_string(e, p->name);
    mock_put_i32_array(e, p->partitions, p->partition_count);
    mock_put_tags(e);
}

static void get_describe_log_dirs_request(struct mock_decoder *d,
                                          struct mock_describe_log_dirs_request *p) {
    p->topics = mock_get_nullable_array(d, sizeof(*p->topics), 3, &p->topic_count, &p->all_topics);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_log_dirs_topic(d, &p->topics[i]);
    }
    mock_get_tags(d);
}

static void put_describe_log_dirs_request(struct mock_encoder *e,
                                          const struct mock_describe_log_dirs_request *p) {
    if (p->all_topics) {
        mock_put_null_array(e);
    } else {
        mock_put_count(e, p->topic_count);
        for (size_t i = 0; i < p->topic_count; i++) {
            put_log_dirs_topic(e, &p->topics[i]);
        }
    }
    mock_put_tags(e);
}

int mock_describe_log_dirs_request_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_describe_log_dirs_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_LOG_DIRS, version);
    struct mock_describe_log_dirs_request request = {0};
    get_describe_log_dirs_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_describe_log_dirs_request_encode(struct base_builder *b, int16_t version,
                                           const struct mock_describe_log_dirs_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_LOG_DIRS, version);
    put_describe_log_dirs_request(&e, request);
}

static void get_log_dir_partition(struct mock_decoder *d, struct mock_log_dir_partition *p) {
    p->index = base_read_i32(d->r);
    p->size_bytes = base_read_i64(d->r);
    p->offset_lag = base_read_i64(d->r);
    p->is_future = base_read_bool(d->r);
    mock_get_tags(d);
}

static void put_log_dir_partition(struct mock_encoder *e, const struct mock_log_dir_partition *p) {
    base_put_i32(e->b, p->index);
    base_put_i64(e->b, p->size_bytes);
    base_put_i64(e->b, p->offset_lag);
    base_put_bool(e->b, p->is_future);
    mock_put_tags(e);
}

static void get_log_dir_topic(struct mock_decoder *d, struct mock_log_dir_topic *p) {
    p->name = mock_get_string(d);
    p->partitions = mock_get_array(d, sizeof(*p->partitions), 21, &p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        get_log_dir_partition(d, &p->partitions[i]);
    }
    mock_get_tags(d);
}

static void put_log_dir_topic(struct mock_encoder *e, const struct mock_log_dir_topic *p) {
    mock_put_string(e, p->name);
    mock_put_count(e, p->partition_count);
    for (size_t i = 0; i < p->partition_count; i++) {
        put_log_dir_partition(e, &p->partitions[i]);
    }
    mock_put_tags(e);
}

static void get_log_dir(struct mock_decoder *d, struct mock_log_dir *p) {
    p->error_code = base_read_i16(d->r);
    p->path = mock_get_string(d);
    p->topics = mock_get_array(d, sizeof(*p->topics), 3, &p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        get_log_dir_topic(d, &p->topics[i]);
    }
    p->total_bytes = d->version >= 4 ? base_read_i64(d->r) : -1;
    p->usable_bytes = d->version >= 4 ? base_read_i64(d->r) : -1;
    p->is_cordoned = d->version >= 5 ? base_read_bool(d->r) : false;
    mock_get_tags(d);
}

static void put_log_dir(struct mock_encoder *e, const struct mock_log_dir *p) {
    base_put_i16(e->b, p->error_code);
    mock_put_string(e, p->path);
    mock_put_count(e, p->topic_count);
    for (size_t i = 0; i < p->topic_count; i++) {
        put_log_dir_topic(e, &p->topics[i]);
    }
    if (e->version >= 4) {
        base_put_i64(e->b, p->total_bytes);
    }
    if (e->version >= 4) {
        base_put_i64(e->b, p->usable_bytes);
    }
    if (e->version >= 5) {
        base_put_bool(e->b, p->is_cordoned);
    }
    mock_put_tags(e);
}

static void get_describe_log_dirs_response(struct mock_decoder *d,
                                           struct mock_describe_log_dirs_response *p) {
    p->throttle_time_ms = base_read_i32(d->r);
    p->error_code = d->version >= 3 ? base_read_i16(d->r) : 0;
    p->dirs = mock_get_array(d, sizeof(*p->dirs), 5, &p->dir_count);
    for (size_t i = 0; i < p->dir_count; i++) {
        get_log_dir(d, &p->dirs[i]);
    }
    mock_get_tags(d);
}

static void put_describe_log_dirs_response(struct mock_encoder *e,
                                           const struct mock_describe_log_dirs_response *p) {
    base_put_i32(e->b, p->throttle_time_ms);
    if (e->version >= 3) {
        base_put_i16(e->b, p->error_code);
    }
    mock_put_count(e, p->dir_count);
    for (size_t i = 0; i < p->dir_count; i++) {
        put_log_dir(e, &p->dirs[i]);
    }
    mock_put_tags(e);
}

int mock_describe_log_dirs_response_decode(struct base_reader *r, int16_t version,
                                           struct base_arena *arena,
                                           struct mock_describe_log_dirs_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_DESCRIBE_LOG_DIRS, version);
    struct mock_describe_log_dirs_response response = {0};
    get_describe_log_dirs_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_describe_log_dirs_response_encode(
    struct base_builder *b, int16_t version,
    const struct mock_describe_log_dirs_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_DESCRIBE_LOG_DIRS, version);
    put_describe_log_dirs_response(&e, response);
}
