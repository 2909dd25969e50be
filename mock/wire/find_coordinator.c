/* FindCoordinator: see find_coordinator.h. */
#include "mock/wire/find_coordinator.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

static void get_request(struct mock_decoder *d, struct mock_find_coordinator_request *p) {
    if (d->version < 4) {
        p->keys = base_arena_alloc(d->arena, sizeof(*p->keys));
        if (!p->keys) {
            base_reader_fail(d->r, d->arena->failed);
            return;
        }
        p->key_count = 1;
        p->keys[0] = mock_get_string(d);
    }
    p->key_type = d->version >= 1 ? base_read_i8(d->r) : MOCK_COORDINATOR_GROUP;
    if (d->version >= 4) {
        p->keys = mock_get_string_array(d, &p->key_count);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_find_coordinator_request *p) {
    if (e->version < 4 && p->key_count != 1) {
        /* The form has room for exactly one key. */
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
        return;
    }
    if (e->version < 4) {
        mock_put_string(e, p->keys[0]);
    }
    if (e->version >= 1) {
        base_put_i8(e->b, p->key_type);
    }
    if (e->version >= 4) {
        mock_put_string_array(e, p->keys, p->key_count);
    }
    mock_put_tags(e);
}

int mock_find_coordinator_request_decode(struct base_reader *r, int16_t version,
                                         struct base_arena *arena,
                                         struct mock_find_coordinator_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_FIND_COORDINATOR, version);
    struct mock_find_coordinator_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_find_coordinator_request_encode(struct base_builder *b, int16_t version,
                                          const struct mock_find_coordinator_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_FIND_COORDINATOR, version);
    put_request(&e, request);
}

/* From v4 on. */
static void get_coordinator(struct mock_decoder *d, struct mock_coordinator *p) {
    p->key = mock_get_string(d);
    p->node_id = base_read_i32(d->r);
    p->host = mock_get_string(d);
    p->port = base_read_i32(d->r);
    p->error_code = base_read_i16(d->r);
    p->error_message = mock_get_nullable_string(d);
    mock_get_tags(d);
}

static void put_coordinator(struct mock_encoder *e, const struct mock_coordinator *p) {
    mock_put_string(e, p->key);
    base_put_i32(e->b, p->node_id);
    mock_put_string(e, p->host);
    base_put_i32(e->b, p->port);
    base_put_i16(e->b, p->error_code);
    mock_put_nullable_string(e, p->error_message);
    mock_put_tags(e);
}

/* Before v4 the one coordinator's fields are the response's own, in another order. */
static void get_single(struct mock_decoder *d, struct mock_coordinator *p) {
    p->key = base_slice_str("");
    p->error_code = base_read_i16(d->r);
    p->error_message = d->version >= 1 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->node_id = base_read_i32(d->r);
    p->host = mock_get_string(d);
    p->port = base_read_i32(d->r);
}

static void put_single(struct mock_encoder *e, const struct mock_coordinator *p) {
    base_put_i16(e->b, p->error_code);
    if (e->version >= 1) {
        mock_put_nullable_string(e, p->error_message);
    }
    base_put_i32(e->b, p->node_id);
    mock_put_string(e, p->host);
    base_put_i32(e->b, p->port);
}

static void get_response(struct mock_decoder *d, struct mock_find_coordinator_response *p) {
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    if (d->version >= 4) {
        p->coordinators = mock_get_array(d, sizeof(*p->coordinators), 14, &p->coordinator_count);
        for (size_t i = 0; i < p->coordinator_count; i++) {
            get_coordinator(d, &p->coordinators[i]);
        }
    } else {
        p->coordinators = base_arena_alloc(d->arena, sizeof(*p->coordinators));
        if (!p->coordinators) {
            base_reader_fail(d->r, d->arena->failed);
            return;
        }
        p->coordinator_count = 1;
        get_single(d, &p->coordinators[0]);
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_find_coordinator_response *p) {
    if (e->version < 4 && p->coordinator_count != 1) {
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
        return;
    }
    if (e->version >= 1) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    if (e->version >= 4) {
        mock_put_count(e, p->coordinator_count);
        for (size_t i = 0; i < p->coordinator_count; i++) {
            put_coordinator(e, &p->coordinators[i]);
        }
    } else {
        put_single(e, &p->coordinators[0]);
    }
    mock_put_tags(e);
}

int mock_find_coordinator_response_decode(struct base_reader *r, int16_t version,
                                          struct base_arena *arena,
                                          struct mock_find_coordinator_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_FIND_COORDINATOR, version);
    struct mock_find_coordinator_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_find_coordinator_response_encode(struct base_builder *b, int16_t version,
                                           const struct mock_find_coordinator_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_FIND_COORDINATOR, version);
    put_response(&e, response);
}
