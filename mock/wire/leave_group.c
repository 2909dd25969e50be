/* LeaveGroup: see leave_group.h. */
#include "mock/wire/leave_group.h"

#include "base/error.h"
#include "mock/wire/primitive.h"

static void get_member(struct mock_decoder *d, struct mock_leave_group_member *p) {
    p->member_id = mock_get_string(d);
    p->group_instance_id = d->version >= 3 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    p->reason = d->version >= 5 ? mock_get_nullable_string(d) : BASE_SLICE_NULL;
    mock_get_tags(d);
}

static void put_member(struct mock_encoder *e, const struct mock_leave_group_member *p) {
    mock_put_string(e, p->member_id);
    if (e->version >= 3) {
        mock_put_nullable_string(e, p->group_instance_id);
    }
    if (e->version >= 5) {
        mock_put_nullable_string(e, p->reason);
    }
    mock_put_tags(e);
}

static void get_request(struct mock_decoder *d, struct mock_leave_group_request *p) {
    p->group_id = mock_get_string(d);
    if (d->version >= 3) {
        p->members = mock_get_array(d, sizeof(*p->members), 3, &p->member_count);
        for (size_t i = 0; i < p->member_count; i++) {
            get_member(d, &p->members[i]);
        }
    } else {
        p->members = base_arena_alloc(d->arena, sizeof(*p->members));
        if (!p->members) {
            base_reader_fail(d->r, d->arena->failed);
            return;
        }
        p->member_count = 1;
        p->members[0].member_id = mock_get_string(d);
    }
    mock_get_tags(d);
}

static void put_request(struct mock_encoder *e, const struct mock_leave_group_request *p) {
    mock_put_string(e, p->group_id);
    if (e->version >= 3) {
        mock_put_count(e, p->member_count);
        for (size_t i = 0; i < p->member_count; i++) {
            put_member(e, &p->members[i]);
        }
    } else if (p->member_count == 1) {
        mock_put_string(e, p->members[0].member_id);
    } else {
        /* The form has room for exactly one member. */
        e->b->failed = e->b->failed ? e->b->failed : BASE_USAGE;
    }
    mock_put_tags(e);
}

int mock_leave_group_request_decode(struct base_reader *r, int16_t version,
                                    struct base_arena *arena,
                                    struct mock_leave_group_request *ret_request) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LEAVE_GROUP, version);
    struct mock_leave_group_request request = {0};
    get_request(&d, &request);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_request = request;
    return 0;
}

void mock_leave_group_request_encode(struct base_builder *b, int16_t version,
                                     const struct mock_leave_group_request *request) {
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LEAVE_GROUP, version);
    put_request(&e, request);
}

static void get_member_response(struct mock_decoder *d,
                                struct mock_leave_group_member_response *p) {
    p->member_id = mock_get_string(d);
    p->group_instance_id = mock_get_nullable_string(d);
    p->error_code = base_read_i16(d->r);
    mock_get_tags(d);
}

static void put_member_response(struct mock_encoder *e,
                                const struct mock_leave_group_member_response *p) {
    mock_put_string(e, p->member_id);
    mock_put_nullable_string(e, p->group_instance_id);
    base_put_i16(e->b, p->error_code);
    mock_put_tags(e);
}

static void get_response(struct mock_decoder *d, struct mock_leave_group_response *p) {
    p->throttle_time_ms = d->version >= 1 ? base_read_i32(d->r) : 0;
    p->error_code = base_read_i16(d->r);
    if (d->version >= 3) {
        p->members = mock_get_array(d, sizeof(*p->members), 5, &p->member_count);
        for (size_t i = 0; i < p->member_count; i++) {
            get_member_response(d, &p->members[i]);
        }
    }
    mock_get_tags(d);
}

static void put_response(struct mock_encoder *e, const struct mock_leave_group_response *p) {
    if (e->version >= 1) {
        base_put_i32(e->b, p->throttle_time_ms);
    }
    base_put_i16(e->b, p->error_code);
    if (e->version >= 3) {
        mock_put_count(e, p->member_count);
        for (size_t i = 0; i < p->member_count; i++) {
            put_member_response(e, &p->members[i]);
        }
    }
    mock_put_tags(e);
}

int mock_leave_group_response_decode(struct base_reader *r, int16_t version,
                                     struct base_arena *arena,
                                     struct mock_leave_group_response *ret_response) {
    struct mock_decoder d = mock_decoder_of(r, arena, MOCK_API_LEAVE_GROUP, version);
    struct mock_leave_group_response response = {0};
    get_response(&d, &response);
    int code = mock_decoder_finish(&d);
    if (code) {
        return code;
    }
    *ret_response = response;
    return 0;
}

void mock_leave_group_response_encode(struct base_builder *b, int16_t version,
                                      const struct mock_leave_group_response *response) {
    if (!base_builder_ok(b)) {
        return; /* what is to be told may not be whole */
    }
    struct mock_encoder e = mock_encoder_of(b, MOCK_API_LEAVE_GROUP, version);
    put_response(&e, response);
}
